"""Names that DVC cannot track are told in one line, however many there are."""

import os
from pathlib import Path

import pytest

from autoencoder.tools.trackable_names import check_trackable
from autoencoder.ui.errors import UserError

ODD = [Path("cats", os.fsdecode(b"caf\xe9%d.png" % number)) for number in range(7)]


def test_utf8_is_trackable() -> None:
    check_trackable([Path("cats/é.png"), Path("猫")])


def test_what_lies_below_an_odd_name_is_not_told_once_more() -> None:
    check_trackable([Path(os.fsdecode(b"caf\xe9"), "a.png")])


def test_one_odd_name_is_told() -> None:
    with pytest.raises(UserError, match=r"^cats/caf\\xe90.png: a name that is no UTF-8, .*; rename it$"):
        check_trackable([Path("a.png"), ODD[0]])


def test_of_many_odd_names_the_first_are_told_and_how_many_there_are() -> None:
    with pytest.raises(UserError, match=r"^cats/caf\\xe90.png, .* and \d others: names .*; rename all 7$"):
        check_trackable([Path("a.png"), *ODD])
