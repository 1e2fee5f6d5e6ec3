"""The report: its sentences follow its numbers, its pictures are inside, its text is escaped."""

import base64
import csv
import html
import io
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from PIL import Image

from autoencoder.config.runs import load_run
from autoencoder.inference import trained_run
from autoencoder.measures import image_similarity
from autoencoder.stages.report import inline_pictures, page, wording
from autoencoder.stages.report.atlas import Atlas
from autoencoder.stages.report.facts import answer, compression, making, seeds, slips
from autoencoder.stages.report.page import figures_of, gather_sections
from autoencoder.stages.report.parts import Figure, Table
from autoencoder.stages.report.study import load_study_results
from autoencoder.ui.errors import UserError
from tests.conftest import PROJECT, write_params
from tests.report_inputs import GENERATED, PATTERNS, report_params, sections_of, write_inputs


@pytest.fixture
def inputs(in_project: Path) -> Path:
    """A project with all that the report reads, as the working directory."""
    write_inputs(in_project)
    return in_project


def change(path: str, **values: Any) -> None:
    file = Path(path)
    file.write_text(json.dumps({**json.loads(file.read_text()), **values}))


def rendered() -> str:
    return page.render(load_study_results("study")).decode()


def told(section: str) -> str:
    """What the page says in a section: its text, without the terms in the margin."""
    body = re.search(rf'<section id="{section}" .*?</section>', rendered(), re.DOTALL)
    assert body
    text = re.sub(r"<(script|small|svg|button)\b.*?</\1>", "", body[0], flags=re.DOTALL)
    text = re.sub(r'<code(?: class="run"[^>]*)?>(.*?)</code>', r"`\1`", text)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", text)).split())


def facts(section: str) -> dict[str, Any]:
    """What a section's template is given."""
    return next(found.facts for found in gather_sections(load_study_results("study")) if found.id == section)


def tables(value: Any) -> list[Table]:
    """The tables somewhere within a section's facts."""
    if isinstance(value, Table):
        return [value]
    entries = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    return [table for entry in entries for table in tables(entry)]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (16.3912, "16.4"),
        (1553.75, "1,554"),
        (0.0290376, "0.0290"),
        (2.87929e-05, "0.0000288"),
        (3072, "3,072"),
        (7, "7"),
        (0.0, "0.00"),
        (103.093, "103"),
        (999.96, "1,000"),
        (None, "-"),
    ],
)
def test_numbers_have_three_digits_and_no_exponent(value: float | None, text: str) -> None:
    assert wording.number(value) == text


def nested_rows() -> tuple[tuple[str, ...], ...]:
    (table,) = tables(facts("nested"))
    return table.rows


def test_a_nested_run_stands_beside_those_of_its_network_trained_for_its_numbers_and_pca(inputs: Path) -> None:
    params = report_params()
    params["runs"]["tiny-nested"] = {**params["runs"]["tiny-16"], "nested": True}
    write_inputs(inputs, params=params)
    # 100 / latent_dim is left by a run of its own: 12.5 by 8 numbers, 6.25 by 16. By PCA half of that.
    of_16 = ("16", "6.25", "6.88", "21.6", "6.25", "+0.0 %", "3.12")
    assert nested_rows() == (("8", "80.0", "90.0", "15.0", "12.5", "+540.0 %", "6.25"), of_16)
    params["runs"]["tiny-8"] |= {"options": {"base_channels": 5}}  # another network
    write_inputs(inputs, params=params)
    assert nested_rows() == (("8", "80.0", "90.0", "15.0", "-", "-", "6.25"), of_16)


def test_how_many_numbers_a_quality_needs_is_the_first_thing_told(inputs: Path) -> None:
    first, *_ = gather_sections(load_study_results("study"))
    assert first.facts["needed"].rows[:2] == (
        ("photos", "networks", "7", "≈ 16", "-", "-"),
        ("photos", "PCA", "9", "21", "1,045", "-"),
    )
    text = told("answer")
    assert "A mean PSNR of 25 dB takes about 16 numbers (PCA: 21), 30 dB more than were tried (1,045)" in text


def test_the_error_over_several_seeds_stands_beside_the_run(inputs: Path) -> None:
    made = [table for table in tables(facts("curve")) if "over seeds" in table.head]
    cells = [row[table.head.index("over seeds")] for table in made for row in table.rows]
    assert set(cells) == {"41.50 \u00b1 0.25 (3)", "-"}


@pytest.mark.parametrize("ours", [True, False])
def test_trials_are_shown_in_a_study_of_their_data_set(inputs: Path, ours: bool) -> None:
    dataset = next(iter(report_params()["prepare"])) if ours else "another"
    group = {"dataset": dataset, "about": "Tried", "trials": [{"what": "this", "val_sse": 4.5}]}
    (inputs / "docs").mkdir(exist_ok=True)
    (inputs / "docs/ablations.yaml").write_text(yaml.safe_dump({"one": group}))
    shown = [section for section in sections_of(inputs)[1] if section.id == "ablations"]
    assert [table.caption for section in shown for table in tables(section.facts)] == ["Tried"] * ours
    own_pictures(inputs)  # a folder that is called so
    assert "ablations" not in [section.id for section in sections_of(inputs)[1]]


def test_comparisons_choose_their_words_by_the_numbers() -> None:
    assert wording.than(80, 100) == "20.0 % lower than"
    assert wording.than(150, 100) == "50.0 % higher than"
    assert wording.than(450, 100) == "4.50 times"
    assert wording.than(1.0001, 1.0002) == "the same as"
    assert (wording.than(0.0, 0.0), wording.than(0.5, 0.0)) == ("the same as", "above")


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ([3, 2, 1], "falls at every step"),
        ([1, 2], "rises"),
        ([1, 3, 2], "rises, but not at every step"),
        ([3, 1, 2], "falls, but not at every step"),
        ([1, 5, 1], "ends where it begins"),
        ([1], "has a single value"),
    ],
)
def test_course(values: list[float], text: str) -> None:
    assert wording.course(values) == text


def test_what_is_not_quite_the_whole_does_not_look_like_it() -> None:
    assert [wording.percent(share) for share in (0.0625, 0.9996, 1.0)] == ["6.25 %", "99.96 %", "100 %"]


@pytest.mark.parametrize(
    ("count", "total", "words"),
    [
        (0, 4, "none of 4 runs"),
        (4, 4, "all 4 runs"),
        (2, 2, "both runs"),
        (1, 1, "the run"),
        (1, 2, "1 of 2 runs (`run-0`)"),
        (2, 8, "2 of 8 runs (`run-0` and `run-1`)"),
        (3, 8, "3 of 8 runs"),  # the tables have them
    ],
)
def test_runs_are_named_where_they_are_not_all(count: int, total: int, words: str) -> None:
    assert wording.counted_runs([{"run": f"run-{number}"} for number in range(count)], total) == words


def test_one_thread_is_one() -> None:
    assert [wording.device(f"a CPU, {count} threads") for count in (1, 11)] == ["a CPU, 1 thread", "a CPU, 11 threads"]


def test_lists_and_plurals() -> None:
    assert [wording.listing("abc"[:count]) for count in (1, 2, 3)] == ["a", "a and b", "a, b and c"]
    assert (wording.plural(1, "run"), wording.plural(4000, "run")) == ("1 run", "4,000 runs")


def test_the_answer_names_the_best_run_and_sets_it_beside_pca(inputs: Path) -> None:
    text = told("answer")
    assert "The best run, `tiny-16`, keeps 16 numbers of 3,072" in text
    assert ", and its SSE is 20.0 % lower than PCA's." in text
    assert "The best run, `avatars-108`," in text


def test_where_pca_is_better_the_answer_says_so(inputs: Path) -> None:
    assert "Every run leaves less error than PCA of as many numbers." in told("answer")
    change("metrics/photos/tiny-8.json", test_sse=1e3)
    assert "1 of 2 runs leave less error than PCA of as many numbers." in told("answer")
    change("metrics/avatars/avatars-108.json", pca_test_sse=0.1, test_sse=1.0)
    assert "its SSE is 10.0 times PCA's." in told("answer")
    assert "No run leaves less error than PCA of as many numbers." in told("answer")
    change("metrics/avatars/avatars-108.json", pca_test_sse=None, pca_test_mse=None)
    assert "PCA has not so many components." in told("answer")


@pytest.mark.parametrize(
    ("theirs", "words"),
    [
        ((7.0, 13.0), "is beaten at all 2 latent dimensions that have one."),
        ((6.0, 13.0), "is beaten at 8 numbers, not at 16."),
        ((6.0, 12.0), "is beaten nowhere."),
    ],
)
def test_what_is_published_is_set_beside_the_best_of_as_many_numbers(
    inputs: Path, theirs: tuple[float, float], words: str
) -> None:
    """Ours are 6.25 at 16 and 12.5 at 8."""
    path = Path("plots/photos/error-curve.json")
    about = {"series": "Someone", "curve": "Someone", "split": "test", "run": None, "colour": "#808080"}
    points = [{**about, "latent_dim": at, "sse": sse} for at, sse in zip((16, 8), theirs, strict=True)]
    worse = [{**point, "curve": "Another", "sse": 99.0} for point in points]
    path.write_text(json.dumps([*json.loads(path.read_text()), *points, *worse]))
    assert f"The lowest published error {words}" in told("answer")


@pytest.mark.parametrize(
    ("at_35", "error_at_16", "words"),
    [
        (9, 6.25, "About 9 of 3,072 numbers do, where a mean PSNR of 35 dB is enough."),
        (None, 6.25, "As many as you can spare: 16, the most that were tried, do not reach a mean PSNR of 35 dB, and"),
        (None, 12.4, "More than the 16 that were tried, where a mean PSNR of 35 dB is wanted."),
    ],
)
def test_the_answer_begins_with_what_the_numbers_say(
    inputs: Path, at_35: int | None, error_at_16: float, words: str
) -> None:
    """The error at 8 is 12.5."""
    change("plots/photos/answer.json", latents_for_35_db=at_35, how_for_35_db=at_35 and "about")
    change("metrics/photos/tiny-16.json", test_sse=error_at_16)
    assert words in told("answer")
    if "spare" in words:
        assert "there a doubling still takes away 50 % of the error." in told("answer")


def test_the_curve_has_marks_where_the_qualities_and_the_knee_are(inputs: Path) -> None:
    about: dict[str, Any] = {"split": "test"}
    lines: list[dict[str, Any]] = [
        {**about, "curve": "cnn", "run": "a", "latent_dim": dim, "sse": 64.0 / dim} for dim in (4, 16)
    ]
    lines += [{**about, "curve": "PCA", "run": "pca", "latent_dim": dim, "sse": 128.0 / dim} for dim in (4, 32)]
    found: list[dict[str, Any]] = [
        {"db": 20, "curve": "cnn", "network": 4, "pca": 8},
        {"db": 25, "curve": "cnn", "network": 8, "pca": 16},
        {"db": 30, "curve": "cnn", "network": 16, "pca": 99},
        {"db": 35, "curve": None, "network": None, "pca": 99},
    ]
    marks = answer.level_marks(lines, found)
    ends = [("25 dB", 8, 8.0, 16, 8.0), ("30 dB", 16, 4.0, 16, 4.0)]  # where a line does not reach there is no mark
    assert [tuple(mark.values()) for mark in marks] == [pytest.approx(end) for end in ends]
    assert answer.knee_mark(lines, {"run": "a", "latents": 4}) == [{"knee": "knee: 4", "latent_dim": 4, "sse": 16.0}]
    assert answer.knee_mark(lines, None) == []


def test_a_knee_is_told_of_a_nested_run_whose_curve_rises(inputs: Path) -> None:
    assert "knee" not in told("answer")
    params = report_params()
    params["runs"]["tiny-nested"] = {**params["runs"]["tiny-16"], "nested": True}
    write_inputs(inputs, params=params)
    assert (
        "Beyond the knee of `tiny-nested`, 8 numbers, each further number buys fewer decibels than the average one does"
        in told("answer")
    )
    change("plots/photos/answer.json", knee_latents=None)
    assert "knee" not in told("answer")


def test_what_seeds_differ_by_is_said_beside_the_curve(inputs: Path) -> None:
    assert (
        "the lowest and the highest of several seeds, here with their mean \u00b1 standard deviation and how many: "
        "`tiny-16` 41.50 \u00b1 0.25 (3)."
    ) in told("answer")
    assert "6.25 (tiny-16, over seeds 41.50 \u00b1 0.25 (3)), PCA 7.81" in facts("answer")["datasets"][0]["curve"].alt


def test_the_run_that_is_told_of_is_in_the_chart_of_its_section(inputs: Path) -> None:
    """Also where several runs have as many numbers, and the best of them is not the first."""
    params = report_params()
    params["runs"]["tiny-16-other"] = {**params["runs"]["tiny-16"], "seed": 7}
    write_inputs(inputs, params=params)
    change("metrics/photos/tiny-16-other.json", test_sse=1.0)
    photos = facts("reconstructions")["datasets"][0]
    assert photos["best"] == "tiny-16-other"
    drawn = {line.split(",")[0] for line in photos["histogram"].csv.splitlines()[1:]}
    assert drawn == {"tiny-8", "tiny-16-other"}
    assert ">tiny-16-other</text>" in photos["histogram"].svg
    lines = list(csv.DictReader(io.StringIO(facts("compression")["datasets"][0]["curve"].csv)))
    assert {line["run"] for line in lines if line["codec"] == "autoencoder"} == {"tiny-8", "tiny-16-other"}


def test_names_of_histograms_stand_above_their_lines_the_left_one_highest(inputs: Path) -> None:
    path = Path("metrics/photos/distribution/tiny-8.json")  # whose pictures come back 5 dB worse
    worse = [{**row, "psnr_db": row["psnr_db"] - 5} for row in json.loads(path.read_text()) if row["kind"] == "bin"]
    path.write_text(json.dumps([row for row in json.loads(path.read_text()) if row["kind"] != "bin"] + worse))
    lines = list(csv.DictReader(io.StringIO(facts("reconstructions")["datasets"][0]["histogram"].csv)))
    highest = max(float(line["share"]) for line in lines)
    named = sorted((float(line["psnr_db"]), float(line["label_at"])) for line in lines if line["label_at"])
    assert named[1][0] - named[0][0] == 5
    assert highest < named[1][1] < named[0][1]


def test_the_trend_is_that_of_one_kind_of_network(inputs: Path) -> None:
    text = told("curve")
    assert "`cifar10_cnn`: the squared error an image falls from 8 to 16 numbers: 12.5 at first, 6.25 at last." in text
    assert "A doubling of the numbers multiplies it by 0.500." in text
    for of_pca, said in (
        ((99.0, 99.0), "PCA leaves more at each of them."),
        ((1.0, 6.25), "PCA leaves less at each of them."),  # as much is no less
        ((99.0, 1.0), "PCA leaves more at 8 numbers, less at 16."),
    ):
        for run, sse in zip(("tiny-8", "tiny-16"), of_pca, strict=True):
            change(f"metrics/photos/{run}.json", pca_test_sse=sse)
        assert said in told("curve")
    change("metrics/photos/tiny-16.json", test_sse=50.0)
    assert "rises from 8 to 16 numbers" in told("curve")
    runs = load_study_results("study").datasets
    assert sorted(len(family) for dataset in runs for family in dataset.families) == [1, 2]


@pytest.mark.parametrize("other", [{"seed": 7}, {"recipe": "longer"}, {"options": {"activation": "relu"}}])
def test_runs_that_differ_in_more_than_the_dimension_show_no_trend(inputs: Path, other: dict[str, Any]) -> None:
    params = report_params()
    params["train"]["longer"] = params["train"]["tiny"]
    params["runs"]["tiny-16"].update(other)
    write_params(inputs, params)
    study = load_study_results("study")
    assert [len(family) for family in study.datasets[0].families] == [1, 1]
    assert not [family for dataset in facts("curve")["datasets"] for family in dataset["families"]]


def test_search_and_compression_are_told_by_their_numbers(inputs: Path) -> None:
    assert "25.0 % of the test images" in told("search")
    assert "blind choice finds 10.0 %." in told("search")
    assert "bytes an image; JPEG as large: no setting so small, PCA as large: no setting so large" in told(
        "compression"
    )


def test_every_section_is_there_and_every_link_has_a_target(inputs: Path) -> None:
    text = rendered()
    assert text.count("<section ") == 16
    ids = re.findall(r'\bid="([^"]+)"', text)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', text)) <= set(ids)


def test_figures_and_tables_are_numbered_through_and_linked(inputs: Path) -> None:
    text = rendered()
    for kind in ("Figure", "Table"):
        numbers = [int(number) for number in re.findall(rf'{kind} <a class="anchor" href="#[^"]+">(\d+)</a>', text)]
        assert numbers == list(range(1, len(numbers) + 1))
        assert numbers


def explained_terms(text: str) -> list[str]:
    """The terms in the order in which the page explains them."""
    return [term.lower() for term in re.findall(r"<dfn>([^<]+)</dfn>", text)]


def said(text: str) -> str:
    """What the sections say, in reading order, with <dfn>: without what a reader does not read as prose, and names."""
    main = text[text.index("<main>") : text.index("</main>")]
    main = re.sub(r"<(script|small|svg|button|form|code|pre)\b.*?</\1>", "", main, flags=re.DOTALL)
    main = re.sub(r'<th scope="row".*?</th>', "", main)
    return html.unescape(re.sub(r"<(?!/?dfn>)[^>]+>", "", main))


@pytest.mark.parametrize("own", [False, True])
def test_a_term_is_explained_once_where_it_is_first_used(inputs: Path, own: bool) -> None:
    params = report_params()
    params["runs"]["tiny-nested"] = {**params["runs"]["tiny-16"], "nested": True}
    write_inputs(inputs, params=params)
    if own:
        own_pictures(inputs)
    text = said(rendered())
    terms = [term.lower() for term in yaml.safe_load((page.TEMPLATES / "terms.yaml").read_text())]
    explained = explained_terms(text)
    assert sorted(term.removesuffix("s") for term in explained) == sorted(term.removesuffix("s") for term in terms)
    for term in terms:
        first = re.search(rf"\b{re.escape(term)}", text, re.IGNORECASE)
        meant = re.search(rf"<dfn>{re.escape(term)}", text, re.IGNORECASE)
        assert first and meant
        assert first.start() >= meant.start(), f"{term} in: {text[first.start() - 80 : first.end() + 20]}"


def test_what_is_explained_in_the_text_is_not_explained_again_beside_it(inputs: Path) -> None:
    assert "latent dimension" in explained_terms(rendered())
    assert "latent dimension" not in re.findall(r'role="note"><b>([^<]+)</b>', rendered())


def test_every_section_has_a_template_and_every_template_a_place(inputs: Path) -> None:
    listed = [entry["id"] for entry in yaml.safe_load((page.TEMPLATES / "contents.yaml").read_text())]
    assert sorted(listed) == sorted(path.stem for path in (page.TEMPLATES / "sections").glob("*.html"))


def test_without_runs_what_is_left_is_told(inputs: Path) -> None:
    study = load_study_results("study")
    bare = type(study)(study.options, study.params, tuple(type(d)(d.name, d.kind, ()) for d in study.datasets))
    found = [section.id for section in gather_sections(bare)]
    assert found == ["study", "idea", "curve", "shift", "seeds", "slips", "making"]
    assert b"<section" in page.render(bare)


def test_the_grid_shows_by_number_of_latents_what_pca_and_the_best_run_draw(inputs: Path) -> None:
    params = report_params()
    params["runs"]["tiny-16-worse"] = {**params["runs"]["tiny-16"], "seed": 7}
    write_inputs(inputs, params=params)
    change("metrics/photos/tiny-16-worse.json", test_sse=99.0)
    photos = facts("answer")["datasets"][0]
    grid = photos["grid"]
    assert [(block["latent_dim"], block["run"]) for block in grid.blocks] == [(8, "tiny-8"), (16, "tiny-16")]
    assert [block["pca_db"] for block in grid.blocks] == [(19.5, True), None]  # PCA was measured at 8
    assert grid.lead["ahead"] == pytest.approx(20.8 - 19.5)
    assert "The network is farthest ahead at 8 numbers: 20.8 dB, PCA 19.5." in told("answer")
    assert grid.csv.splitlines()[1:] == ["8,tiny-8,20.8,19.5", "16,tiny-16,21.6,"]
    Path("plots/photos/pca-quality.json").write_text(
        json.dumps([{}, *({"num_latents": number, "test_psnr_db": psnr} for number, psnr in ((4, 30.0), (16, 40.0)))])
    )
    between, measured = (block["pca_db"] for block in facts("answer")["datasets"][0]["grid"].blocks)
    assert between == (pytest.approx(35.0), False)  # halfway on the logarithm
    assert measured == (40.0, True)
    assert "PCA about 35.0 dB, tiny-8 20.8 dB over all test images" in told("answer")
    assert "PCA is ahead of the networks throughout." in told("answer")
    study = load_study_results("study")
    gather_sections(study)
    atlas = next(iter(study.atlases.values()))
    pixels = decoded(atlas.source)
    with np.load("plots/tiny-16/samples.npz") as samples:
        for cell, image in zip(grid.blocks[1]["network"], samples["network"][:8], strict=True):
            assert np.array_equal(pixels[cell.y : cell.y + 32, cell.x : cell.x + 32], image.transpose(1, 2, 0))
        for cell, image in zip(grid.blocks[1]["pca"], samples["pca"][:8], strict=True):
            assert np.array_equal(pixels[cell.y : cell.y + 32, cell.x : cell.x + 32], image.transpose(1, 2, 0))


def test_every_figure_says_what_it_shows_and_charts_what_there_is_to_see(inputs: Path) -> None:
    page = rendered()
    captions = re.findall(r"<figcaption>(.*?)</figcaption>", page, re.DOTALL)
    assert len(captions) == len(re.findall(r"<figure\b", page))
    for caption in captions:
        words = re.sub(r"<(a class=.close|button)\b.*?</(a|button)>|<[^>]+>", "", caption, flags=re.DOTALL)
        assert re.fullmatch(r"\s*Figure \d+\.\s+[\w`].*\w.*\.\s*", words, re.DOTALL), words
    charts = re.findall(r'<figure class="chart" id="([^"]+)">.*?<figcaption>(.*?)</figcaption>', page, re.DOTALL)
    assert charts
    silent = [name for name, caption in charts if "<b>" not in caption and not name.endswith("-rate-distortion")]
    assert silent == []  # and of bytes nothing is known here that PCA has as many of


def test_the_easiest_and_the_hardest_are_named(inputs: Path) -> None:
    text = told("reconstructions")
    assert "the easiest place is china top (23.6 dB on average), the hardest flower <b> (19.6 dB)" in text
    assert "From image to image `tiny-16` goes from 16.6 to 26.6 dB" in text
    shares = facts("reconstructions")["datasets"][0]["histogram"].csv.splitlines()
    assert [line.split(",")[4] for line in shares[1:5]] == ["0.375", "0.0", "0.625", "0.0"]


def test_text_is_escaped_everywhere(inputs: Path) -> None:
    change("metrics/photos/tiny-8.json", device='<script>alert("x")</script>', model="a & b")
    for path in (Path(f"metrics/photos/retrieve/{run}.json") for run in ("tiny-8", "tiny-16")):
        evil = [{**record, "label": "<img src=x>\" onload='y'"} for record in json.loads(path.read_text())]
        path.write_text(json.dumps(evil))
    text = rendered()
    assert text.count("<script") == 1
    assert "<img src=x" not in text
    assert "&lt;script&gt;alert(&#34;x&#34;)" in text
    assert "<title>How many &lt;numbers&gt;?</title>" in text
    assert "made up &amp; &lt;small&gt;" in text
    assert page.marked("a `<b>` c") == "a <code>&lt;b&gt;</code> c"


def test_a_report_of_the_sample_is_stamped(inputs: Path) -> None:
    assert "SAMPLE DATA" in rendered()
    write_inputs(inputs, sample=False)
    assert "SAMPLE DATA" not in rendered()


def test_a_run_that_pca_has_too_few_components_for_is_not_said_to_be_below_it(inputs: Path) -> None:
    change("metrics/photos/tiny-16.json", pca_test_sse=None, pca_test_mse=None)
    text = told("answer")
    assert "Of the runs that PCA has as many components for every one leaves less error than PCA" in text


def test_search_is_told_by_class_and_death_with_its_cause(inputs: Path) -> None:
    by_class = next(table for table in tables(facts("search")) if table.head[1:] == ("china top", "flower <b>"))
    assert by_class.rows[0][1] == "75.0 %"
    assert by_class.rows[-1] == ("pixels", "50.0 %", "50.0 %")
    of_seeds = told("seeds")
    assert "1 of 2 seeds dead" in of_seeds
    assert "After the last epoch: `dead` 0.0500 to 0.100. The validation error" in of_seeds
    assert "in the dead 93.0 % of the ReLUs' outputs are above zero" in of_seeds
    assert "in the living the last activation is given -4.30 on average" in of_seeds


def test_the_strip_has_a_point_a_seed_and_the_two_that_are_no_network(inputs: Path) -> None:
    row = json.loads(Path("metrics/avatars/seeds/dead.json").read_text())
    about = {"dataset": "avatars", "study": "dead"}
    assert seeds.strip("dead", row) == [
        {**about, "seed": 0, "test_mse": 0.1, "state": "living"},
        {**about, "seed": 1, "test_mse": 0.3, "state": "dead"},
        {**about, "test_mse": 0.25, "state": "the mean image"},
        {**about, "test_mse": 0.3, "state": "all black"},
    ]


def with_schedule(path: Path, **schedules: str) -> None:
    """Give each of some runs a recipe of its own, with a schedule."""
    params = report_params()
    for run, schedule in schedules.items():
        recipe = {**params["train"]["tiny"], "schedule": schedule}
        if schedule == "constant":
            recipe.pop("warmup_fraction")
        params["train"][schedule] = recipe
        params["runs"][run.replace("_", "-")]["recipe"] = schedule
    write_params(path, params)


def test_a_level_end_is_said_to_be_the_schedules_doing_where_the_rate_falls(inputs: Path) -> None:
    assert "The recipe of every run lowers the learning rate" in told("learning")
    with_schedule(inputs, tiny_8="constant", avatars_108="constant")
    assert "The recipe of `tiny-16` lowers" in told("learning")
    with_schedule(inputs, tiny_8="constant", tiny_16="constant", avatars_108="constant")
    assert "lowers the learning rate" not in told("learning")


@pytest.mark.parametrize(
    ("reconstructions", "words"),
    [
        (50.0, "Reconstructed test images are nearer (50.0)."),
        (61.7, "Reconstructed test images are farther than that (61.7): their distance is no floor."),
        (60.01, "Reconstructed test images are as far (60.0)."),
    ],
)
def test_random_draws_are_set_beside_reconstructions(inputs: Path, reconstructions: float, words: str) -> None:
    change("plots/tiny-8/random-latents.json", reconstructions_swd=reconstructions)
    assert (
        f"`tiny-8`: of the three draws the nearest to test images is the Gaussian mixture (60.0), "
        f"the farthest the standard normal (900). {words}" in told("random-latents")
    )


def search_records(run: str, dim: int, latents: float, pca: float | None, pixels: float, **chance: float) -> list[Any]:
    about = {"run": run, "latent_dim": dim}
    found = [
        {**about, "code": code, "metric": metric, "label": label, "queries": "all", "name": "all", "precision": value}
        for label in chance
        for metric in ("euclidean", "cosine")
        for code, value in (("latents", latents), ("PCA", pca), ("pixels", pixels))
        if value is not None
    ]
    return found + [{**about, "code": "chance", "label": label, "precision": value} for label, value in chance.items()]


def searched(first: list[Any], second: list[Any]) -> str:
    for run, records in (("tiny-8", first), ("tiny-16", second)):
        Path(f"metrics/photos/retrieve/{run}.json").write_text(json.dumps(records))
    return told("search")


def test_pictures_of_every_run_are_shown_the_best_first(inputs: Path) -> None:
    """What differs little, of the best of the fewest and of the most latents alone; a network once."""
    params = report_params()
    params["runs"] |= {"tiny-12": {**params["runs"]["tiny-8"], "latent_dim": 12}}
    params["runs"] |= {"tiny-16-other": {**params["runs"]["tiny-16"], "seed": 7}}
    params["runs"] |= {"tiny-nested": {**params["runs"]["tiny-16"], "nested": True}}
    write_inputs(inputs, params=params)
    change("metrics/photos/tiny-16.json", test_sse=1.0)
    figures = [figure for section in sections_of(inputs)[1] for figure in figures_of(section.facts)]
    shown = [figure.path.parts[1:] for figure in figures if figure.made_by.startswith("python src/plot.py")]
    ends = {"tiny-8", "tiny-16", "avatars-108"}
    every = {*params["runs"]}
    expected = {
        **dict.fromkeys(("map", "random-latents", "out-of-distribution"), every),
        **dict.fromkeys(("hardest", "reconstructions-test"), every),
        **dict.fromkeys(("reconstructions-train", "untrained", "walks"), ends),
        "latents": ends | {"tiny-nested"},
        "network": {"tiny-8", "avatars-108"},
    }
    for picture, owners in expected.items():
        assert {owner for owner, file in shown if file == f"{picture}.png"} == owners, picture
    assert next(owner for owner, file in shown if file == "hardest.png") == "tiny-16"
    assert '<option selected data-told="test SSE 1.00, ' in (page := rendered())
    assert page.count("<option selected") == 1


@pytest.mark.parametrize("better", ["euclidean", "cosine"])
def test_pictures_of_search_are_by_the_distance_that_finds_more(inputs: Path, better: str) -> None:
    for run, dim in (("tiny-8", 8), ("tiny-16", 16)):
        records = search_records(run, dim, 0.3, 0.4, 0.2, kind=0.1, other=0.9)
        for record in records:
            if record["code"] == "latents" and record["metric"] == (better if record["label"] == "kind" else "cosine"):
                record["precision"] = 0.35
        Path(f"metrics/photos/retrieve/{run}.json").write_text(json.dumps(records))
    pictures = [figure.path.as_posix() for figure in figures_of(facts("search"))]
    assert [path for path in pictures if path.startswith("plots/tiny")] == [
        f"plots/{run}/search-{better}.png" for run in ("tiny-16", "tiny-8")
    ]


def test_search_is_told_by_labels_that_say_something_with_chance_beside(inputs: Path) -> None:
    chance = {"type": 0.977, "gender": 0.53, "skin_tone": 0.27, "worn": 0.1}
    for run, dim in (("tiny-8", 8), ("tiny-16", 16)):
        path = Path(f"metrics/photos/retrieve/{run}.json")
        path.write_text(json.dumps(search_records(run, dim, 0.6, 0.5, 0.7, **chance)))
    labels = facts("search")["datasets"][0]["labels"]
    assert [(label["name"], label["chance"]) for label in labels] == [("worn", 0.1), ("skin tone", 0.27)]


def test_search_by_latents_is_set_beside_pca_and_pixels(inputs: Path) -> None:
    text = searched(
        search_records("tiny-8", 8, 0.3, 0.4, 0.2, kind=0.1), search_records("tiny-16", 16, 0.25, 0.4, 0.26, kind=0.1)
    )
    assert (
        "Kind: by euclidean distance latents find more than PCA for none of 2 runs, and more than the pixels for 1 of "
        "2 runs (`tiny-8`); blind choice finds 10.0 %."
    ) in text
    text = searched(
        search_records("tiny-8", 8, 0.5, 0.4, 0.2, kind=0.1), search_records("tiny-16", 16, 0.6, None, 0.2, kind=0.1)
    )
    assert "than PCA for the run, and more than the pixels for both runs" in text


def test_without_labels_no_share_is_counted_or_drawn(inputs: Path) -> None:
    assert 'id="chart-photos-retrieval"' in rendered()
    assert "the second count in the table leaves them out" in told("search")
    for run in ("tiny-8", "tiny-16", "avatars-108"):
        dataset = "avatars" if run == "avatars-108" else "photos"
        Path(f"metrics/{dataset}/retrieve/{run}.json").write_text("[]")
        Path(f"plots/{dataset}/retrieval.json").write_text("[]")
    text = told("search")
    assert "There are no labels, so nothing is counted." in text
    assert "second count" not in text
    assert 'id="chart-photos-retrieval"' not in rendered()


def test_panels_of_search_stand_by_how_much_their_label_tells(inputs: Path) -> None:
    for run, dim in (("tiny-8", 8), ("tiny-16", 16)):
        path = Path(f"metrics/photos/retrieve/{run}.json")
        path.write_text(json.dumps(search_records(run, dim, 0.6, 0.5, 0.7, common=0.9, rare=0.1)))
    rows = json.loads(Path("plots/photos/retrieval.json").read_text())
    both = [{**row, "label": label} for label in ("common", "rare") for row in rows]
    Path("plots/photos/retrieval.json").write_text(json.dumps(both))
    svg = facts("search")["datasets"][0]["precision"].svg
    assert svg.index(">rare</text>") < svg.index(">common</text>")


def test_each_main_picture_is_told_by_a_number_of_its_run(inputs: Path) -> None:
    assert "All of its 16 latents together give 21.6 dB over the test images. tiny-16: pictures" in told("latents")
    text = told("reconstructions")
    assert "From the hardest test image to the easiest PSNR goes from 16.6 to 26.6 dB. tiny-16: the easiest" in text
    assert "Over all test images PSNR is 21.6 dB, SSIM 0.500. tiny-16: held-out" in text
    assert 'The largest error is that of "noise": 0.300, 147 times the test images\'. tiny-16: patterns' in told(
        "out-of-distribution"
    )
    assert (
        "Of the images nearest to a test image by its latents 40.0 % match in place; 10.0 % would by chance. "
        "tiny-16: queries" in told("search")
    )
    assert "Of the three draws the nearest to test images is the Gaussian mixture (60.0)" in told("random-latents")


def test_what_is_not_computed_is_named_among_the_measurements(inputs: Path) -> None:
    assert "computed by the code from params.yaml and the data below. Trained" in told("making")
    path = Path("plots/photos/error-curve.json")
    rows = json.loads(path.read_text())
    path.write_text(json.dumps([*rows, {**rows[0], "curve": "Someone", "run": None}]))
    assert "; what is not is what others published. Trained" in told("making")


def test_numbers_on_pictures_can_be_copied(inputs: Path) -> None:
    page = rendered()
    copied = dict(re.findall(r'<pre id="(figure-[^"]+)-data" hidden>(.*?)</pre>', page, re.DOTALL))
    assert copied["figure-tiny-8-hardest"].split() == [
        "which,index,sse",
        "easiest,0,1.0",
        "median,1,1.0",
        "hardest,2,1.0",
    ]
    assert "latents,3,2,5" in copied["figure-tiny-8-search-euclidean"].split()
    assert f"noise,{PATTERNS['noise_mse']}" in copied["figure-tiny-8-out-of-distribution"].split()
    assert f"Gaussian mixture,{GENERATED['mixture_swd']}" in copied["figure-tiny-8-random-latents"]
    assert "1,9.0,8.0" in copied["figure-photos-shift"].split()
    assert "photos" not in copied["figure-seeds-dead"]
    assert len(copied["figure-seeds-dead"].split()) > 2
    for name in copied:
        assert f'<button type="button" class="copy" data-csv="{name}-data" hidden>' in page


def test_sentences_say_what_is_there(inputs: Path) -> None:
    assert "picture 1: 9.00 moved, 8.00 halved; picture 2: 3.00 moved, 4.00 halved;" in told("shift")
    assert "its header too where a line does not say otherwise" in told("compression")
    assert "tiny-8: from one test image to another, by latents and by pixels." in told("latents")
    assert told("latents").count("What lies between two pictures") == 1  # however many data sets there are
    curve = rendered().split('<section id="curve"')[1].split("</section>")[0]
    assert 'The <a href="#chart-photos-error-curve">curve</a> of these errors opens the page.' in curve


def test_the_text_fits_the_kinds_of_data_that_there_are(inputs: Path) -> None:
    assert "What they do is done here with photos and avatars." in told("study")
    params = yaml.safe_load(Path("params.yaml").read_text())
    params["prepare"]["avatars"]["kind"] = "image_folder"
    write_params(inputs, params)
    text = rendered()
    assert "What they do is done here with photos and avatars." in told("study")
    assert "oth data sets" not in text
    assert "wo data sets" not in text


def test_nothing_is_said_of_nested_runs_where_there_are_none(inputs: Path) -> None:
    assert '<section id="nested"' not in rendered()
    assert told("latents").startswith("Single latents, and between two pictures A single latent:")
    params = report_params()
    params["runs"]["tiny-nested"] = {**params["runs"]["tiny-16"], "nested": True}
    write_inputs(inputs, params=params)
    text = told("nested")
    assert text.startswith("One training for every number A nested run gives")
    assert "dB from the first 8, " in text
    assert "tiny-nested: test images from ever more of their first latents" in text


def test_the_map_names_the_label_it_counts(inputs: Path) -> None:
    shares = {f"{where}_same_label": share for where, share in (("tsne", 0.9), ("pca", 0.8), ("latents", 0.7))}
    change("plots/tiny-8/map.json", label="skin_tone", chance_same_label=0.3, **shares)
    assert (
        "90 % on the t-SNE map have its skin tone, 80.0 % on PCA's, 70.0 % among the latents, 30.0 % by chance."
        in told("maps")
    )


def rate(codec: str, series: str, *points: tuple[float, float]) -> list[dict[str, Any]]:
    return [{"codec": codec, "series": series, "bytes_per_image": size, "psnr_db": psnr} for size, psnr in points]


def test_the_lead_over_pca_is_that_of_the_best_of_either_at_as_many_bytes() -> None:
    ours = rate("autoencoder", "a", (10, 20), (100, 30)) + rate("autoencoder", "b", (10, 15), (100, 33), (1000, 50))
    linear = rate("PCA", "PCA, 8", (10, 21), (100, 22)) + rate("PCA", "PCA, 64", (100, 30.5), (200, 31))
    lead = compression.lead_over_pca([*ours, *linear, *rate("JPEG", "JPEG", (10, 99))])
    assert lead == pytest.approx((-1.0, 2.5))  # at 10 and at 100 bytes; PCA has no setting of 1,000
    assert wording.told_lead((-1.0, 2.5)) == "from 1.00 dB below to 2.50 dB above"
    assert wording.told_lead((0.5, 0.5)) == "0.500 dB above"
    assert [wording.more_error(share) for share in (0.0812, -0.5, 1.0, 2.1)] == [
        "+8.1 %",
        "-50.0 %",
        "+100.0 %",
        "3.10 times",
    ]
    assert compression.lead_over_pca(ours) is None
    assert compression.lead_over_pca([*rate("autoencoder", "a", (5, 20)), *linear]) is None  # PCA has none so small


@pytest.mark.parametrize(
    ("measured", "which"), [(10, "all there are"), (7, "the same random ones of 10 for every code")]
)
def test_how_many_pictures_were_compressed_and_which(inputs: Path, measured: int, which: str) -> None:
    change("metrics/photos/baseline/dataset.json", num_test=10)
    Path("metrics/photos/compress/tiny-8.json").write_text(json.dumps([{"run": "tiny-8", "num_images": measured}]))
    assert f"Measured on {measured} test images, {which}." in told("compression")


def test_what_a_codec_reaches_is_read_between_its_settings() -> None:
    series = [{"bytes_per_image": size, "psnr_db": psnr} for size, psnr in ((10.0, 20.0), (100.0, 30.0))]
    assert compression._quality_at(series, 9.0) is None
    assert compression._quality_at(series, 10.0) == pytest.approx(20)
    assert compression._quality_at(series, 10**1.5) == pytest.approx(25)
    assert compression._quality_at(series, 500.0) == pytest.approx(30)  # more bytes than it has a use for


def test_what_a_codec_reaches_is_told_where_it_was_measured_alone(in_project: Path) -> None:
    """A codec all of whose files are smaller than the run's, or all larger, is not compared with it."""
    ours = rate("autoencoder", "tiny-8", (50, 20), (219, 29.4))
    pca = rate("PCA", "PCA, 8", (10, 21), (20, 22)) + rate("PCA", "PCA, 64", (10, 20), (178.7, 28.57))
    others = [
        *rate("JPEG", "JPEG", (300, 18), (400, 20)),
        *rate("WebP", "WebP", (100, 20), (219, 27)),
        *rate("other", "small", (10, 35), (20, 36)),
        *rate("other", "large", (10, 20), (400, 21)),
    ]
    run = load_run("tiny-8")
    rows = [{**row, "run": "tiny-8" if row in ours else None} for row in (*ours, *pca, *others)]
    found = compression.at_best(run, rows)
    assert (found["name"], found["psnr_db"], found["bytes"]) == ("tiny-8", 29.4, 219)
    assert {other["name"]: other["told"] for other in found["others"]} == {
        "PCA": "no setting so large (its largest, of 179 bytes: 28.6 dB)",
        "JPEG": "no setting so small",
        "WebP": "27.0 dB",
        "other": "36.0 dB",
    }
    lead = compression.lead_over_pca(rows)
    assert lead is not None
    assert lead[0] == lead[1] < 0  # at 50 bytes alone


def test_evaluation_is_told_in_the_precision_that_it_has(inputs: Path) -> None:
    precision = str(trained_run.DTYPE).removeprefix("torch.")
    assert precision == "float64"
    assert f"evaluation is always in {precision}." in told("making")


def test_what_ssim_is_of_small_pictures_is_told(inputs: Path) -> None:
    text = " ".join(yaml.safe_load((page.TEMPLATES / "terms.yaml").read_text())["SSIM"].split())
    assert f"windows of {image_similarity.WINDOW} x {image_similarity.WINDOW} pixels" in text
    assert "Where a side has fewer, in the largest odd number that fits" in text


def test_the_dead_that_come_back_are_counted_where_nothing_but_the_recipe_differs() -> None:
    short = {"num_seeds": 3, "num_epochs": 2, "mean_image_test_mse": 0.5}
    rows = {
        "short": short | {f"seed_{seed}_test_mse": mse for seed, mse in enumerate((0.9, 0.1, 0.8))},
        "long": {**short, "num_seeds": 1, "num_epochs": 9, "seed_0_test_mse": 0.1},
        "other": {**short, "num_seeds": 1, "num_epochs": 9, "seed_0_test_mse": 0.1},
    }
    line = {"dataset": "a", "model": "b", "latent_dim": 8, "options": {"x": 1}}
    lines = {"short": line, "long": {**line, "recipe": "longer"}, "other": {**line, "options": {}}}
    assert seeds.came_back(rows, lines) == [{"short": "short", "long": "long", "tried": 1, "num_epochs": 9, "back": 1}]


def test_the_same_inputs_give_the_same_bytes(inputs: Path) -> None:
    assert rendered() == rendered()


@pytest.mark.parametrize(
    ("missing", "command"),
    [
        ("metrics/photos/tiny-8.json", "python src/evaluate.py tiny-8"),
        ("metrics/photos/baseline/dataset.json", "python src/baseline.py photos"),
        ("plots/photos/shift.json", "python src/curve.py photos"),
        ("plots/tiny-16/random-latents.json", "python src/generate.py tiny-16"),
        ("metrics/avatars/seeds/dead.json", "python src/evaluate_seeds.py dead"),
        ("plots/tiny-8/network.png", "python src/plot.py tiny-8"),
        ("plots/photos/error-curve.json", "python src/curve.py photos"),
        ("plots/tiny-8/samples.npz", "python src/plot.py tiny-8"),
        ("metrics/photos/distribution/tiny-16.json", "python src/evaluate.py tiny-16"),
        ("plots/diagrams/hourglass.png", "python src/diagram.py hourglass"),
    ],
)
def test_what_is_missing_is_named_with_its_command(inputs: Path, missing: str, command: str) -> None:
    Path(missing).unlink()
    with pytest.raises(UserError, match=f"{missing} is missing; make it first: {command}"):
        rendered()


def test_a_damaged_figure_is_named(inputs: Path) -> None:
    Path("plots/tiny-8/network.png").write_bytes(b"no picture")
    with pytest.raises(UserError, match=r"plots/tiny-8/network.png is damaged .*python src/plot.py tiny-8"):
        rendered()


def decoded(source: str) -> np.ndarray:
    head, content = source.split(",")
    assert head == "data:image/webp;base64"
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(content))))


def test_a_large_picture_is_inside_pixel_for_pixel(tmp_path: Path) -> None:
    """A wall of noise or of points: what a lossy encoder, or a smaller picture, would change."""
    pixels = np.random.default_rng(0).integers(0, 256, (700, 1600, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(tmp_path / "a.png")
    whole = inline_pictures.inline(Figure(tmp_path / "a.png", "alt", "command"))
    assert (whole.width, whole.height) == (1600, 700)
    assert np.array_equal(decoded(whole.source), pixels)


def test_a_picture_too_large_for_webp_is_inside_all_the_same(tmp_path: Path) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (1, 16_384, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(tmp_path / "a.png")
    inlined = inline_pictures.inline(Figure(tmp_path / "a.png", "alt", "command"))
    head, content = inlined.source.split(",")
    assert head == "data:image/png;base64"
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(base64.b64decode(content)))), pixels)
    Image.fromarray(pixels[:, 1:]).save(tmp_path / "a.png")
    assert decoded(inline_pictures.inline(Figure(tmp_path / "a.png", "alt", "command")).source).shape[1] == 16_383


def test_every_picture_on_the_page_is_that_on_disk(inputs: Path) -> None:
    figures = {figure.id: figure.path for section in sections_of(inputs)[1] for figure in figures_of(section.facts)}
    rng = np.random.default_rng(0)
    for number, path in enumerate(sorted(set(figures.values()))):
        Image.fromarray(rng.integers(0, 256, (40 + number, 300, 3), dtype=np.uint8)).save(path)
    shown = dict(re.findall(r'<figure id="([^"]+)"[^>]*>\n<a [^>]+><img src="([^"]+)"', rendered()))
    assert shown.keys() == figures.keys()
    for anchor, path in figures.items():
        assert np.array_equal(decoded(shown[anchor]), np.asarray(Image.open(path))), path


def test_what_is_transparent_becomes_white(tmp_path: Path) -> None:
    Image.new("RGBA", (4, 4), (0, 0, 0, 0)).save(tmp_path / "a.png")
    source = inline_pictures.inline(Figure(tmp_path / "a.png", "alt", "command")).source
    assert decoded(source).min() == 255


def test_long_tables_are_folded_away() -> None:
    rows = tuple((str(number), "1") for number in range(21))
    assert Table("a", ("b", "c"), rows).long
    assert not Table("a", ("b", "c"), rows[:20]).long


def test_params_stand_on_the_page_as_they_were_given(inputs: Path) -> None:
    text = making.as_yaml(load_study_results("study").params, "runs")
    assert "tiny-8: {dataset: photos, model: cifar10_cnn, latent_dim: 8, recipe: tiny, seed: 1}" in text.splitlines()


def test_a_wrong_report_section_is_explained(inputs: Path) -> None:
    with pytest.raises(UserError, match="no 'other' in report; there is: study"):
        load_study_results("other")


def test_the_table_of_slips_in_the_docs_is_this_one() -> None:
    assert slips.markdown() in (PROJECT / "docs/tutorials.md").read_text()


def test_the_mend_of_each_slip_fits_a_table() -> None:
    assert not any("|" in text or "\n" in text for slip in slips.read_slips() for text in slip)


def own_pictures(folder: Path) -> None:
    """The study as one of two folders, with advice of one of them."""
    params = yaml.safe_load((folder / "params.yaml").read_text())
    for section in params["prepare"].values():
        section["kind"] = "image_folder"
    write_params(folder, {**params, "advise": {"photos": {"examples": 5}}})
    lines = [{"topic": "Grey", "text": "`channels: 1` & <none> in colour."}]
    (folder / "plots/photos/advice.json").write_text(json.dumps(lines))


def test_advice_is_printed_as_it_was_written(inputs: Path) -> None:
    assert 'id="advice"' not in rendered()
    own_pictures(inputs)
    assert told("advice") == "What to make of it Grey `channels: 1` & <none> in colour."
    (inputs / "plots/photos/advice.json").unlink()
    with pytest.raises(UserError, match=r"advice.json is missing; make it first: python src/advise.py photos"):
        rendered()


def test_a_study_of_own_pictures_says_nothing_of_the_tutorials(inputs: Path) -> None:
    assert told("study").startswith("The pictures and the tutorials The study follows two tutorials")
    assert "make reproduce" in told("making")
    own_pictures(inputs)
    assert told("study").startswith("The pictures photos")
    assert 'id="slips"' not in rendered()
    assert "make study IMAGES=path/to/folder" in told("making")
    assert "make reproduce" not in told("making")


def test_a_grey_rectangle_lies_in_the_middle_of_its_cell() -> None:
    atlas = Atlas("atlas-mine", 8)
    atlas.add(np.zeros((1, 4, 8), np.uint8))
    atlas.add(np.full((3, 8, 2), 9, np.uint8))
    with Image.open(io.BytesIO(base64.b64decode(atlas.source.partition(",")[2]))) as picture:
        shown = np.asarray(picture.convert("RGB"))
    assert shown.shape == (8, 16, 3)
    assert (shown[2:6, :8] == 0).all()
    assert (shown[[0, 1, 6, 7], :8] == 255).all()
    assert (shown[:, 11:13] == 9).all()
    assert (shown[:, [8, 9, 10, 13, 14, 15]] == 255).all()
