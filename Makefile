.DEFAULT_GOAL := help
.PHONY: cost help setup demo study reproduce weights report explorer export test mutants lint bench readme tidy keep clean

PYTHON ?= python3
BIN := .venv/bin
# DVC and the stages find this project's Python first, whether or not the environment is activated.
export PATH := $(CURDIR)/$(BIN):$(PATH)
export DVC_NO_ANALYTICS := 1

help: ## list these verbs
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  make %-12s %s\n", $$1, $$2 }'

setup: $(BIN)/.installed ## make .venv and install the pinned packages

$(BIN)/.installed: requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; name one: make PYTHON=python3.11 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -m venv .venv || \
		{ echo "Python's venv module is missing; install it (Debian: apt install python3-venv)"; exit 1; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	@touch $@

demo: setup ## the whole pipeline on a built-in sample, in .demo: two minutes on two cores, no data to download
	@PYTHONPATH=src $(BIN)/python -m autoencoder.tools.workspace .demo params.demo.yaml

# As they were typed, with any $ in them, and by way of the environment, where no quote in them can do harm. Of what the
# environment has by itself IMAGES alone counts: NAME is the machine's on some (WSL).
typed = $(if $(findstring command,$(origin $(1))),$(value $(1)))
study: export STUDY_IMAGES := $(value IMAGES)
study: export STUDY_NAME := $(call typed,NAME)
study: export STUDY_DIMS := $(call typed,DIMS)
study: export STUDY_SIZE := $(call typed,SIZE)
study: export STUDY_EPOCHS := $(call typed,EPOCHS)
study: setup ## your own pictures, from a folder to two pages: make study IMAGES=path/to/folder (NAME= DIMS=16,64,256 SIZE=64 EPOCHS=)
	@PYTHONPATH=src $(BIN)/python -m autoencoder.tools.study --images="$$STUDY_IMAGES" --name="$$STUDY_NAME" \
		--dims="$$STUDY_DIMS" --size="$$STUDY_SIZE" --epochs="$$STUDY_EPOCHS"

reproduce: cost setup ## the real study: download, train side by side, evaluate, plot, embed (says first what it costs)
	@PYTHONPATH=src $(BIN)/python -m autoencoder.tools.check_params
	@PYTHONPATH=src $(BIN)/python -m autoencoder.tools.tidy --results
	@PYTHONPATH=src $(BIN)/python -m autoencoder.tools.side_by_side
	$(BIN)/dvc repro

cost:
	@echo "The genuine study downloads 171 MB, needs 1 GB of disk beside the packages (1.7 GB with CPU-only PyTorch,"
	@echo "several more with CUDA's), and trains 16 runs and 53 seeds, each on one core, as many at once as there are cores:"
	@echo "19 hours of one core together as they were trained here (beside other work), 10 on two cores, 4 on six or more; then"
	@echo "it measures and draws them, as many at once: 45 minutes of one core. All trained weights are in the repository:"
	@echo "'make weights' first, and it takes minutes. What has not changed is skipped; stop and go on at any time."

weights: setup ## bring the trained weights that the repository keeps
	$(BIN)/dvc pull

# Needed by few, 200 MB: not part of `setup`.
$(BIN)/.exporters: $(BIN)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check onnx==1.23.2 onnxscript==0.7.2 onnxruntime==1.32.0 pyarrow==26.0.1
	@touch $@

export: setup $(BIN)/.exporters ## take a run elsewhere, as ONNX and Parquet: make export RUN=cifar10-384
	@$(BIN)/python src/export.py --run $(or $(RUN),$(error name a run of params.yaml: make export RUN=cifar10-384))

test: setup $(BIN)/.exporters ## every test that needs no download (those on genuine files too where AUTOENCODER_DOWNLOADS names them)
	$(BIN)/python -m pytest -n 2

mutants: setup ## put faults into what is computed, one at a time, and count those the tests notice: hours, docs/mutants.md
	$(BIN)/python -P tests/mutants.py --processes 2 $(MODULES)

lint: setup ## ruff, mypy, and the rooms' import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	@PYTHONPATH=src $(BIN)/lint-imports --no-cache

bench: setup ## time training against the tutorial as written, stages, one step, image search, explorer: two to three hours, on a quiet machine
	$(BIN)/python -m pip install --quiet --disable-pip-version-check lightning==2.6.6 faiss-cpu==1.15.1
	$(BIN)/dvc repro prepare@cifar10 baseline@cifar10
	@PYTHONPATH=src $(BIN)/python -m benchmarks.training_speed
	@PYTHONPATH=src $(BIN)/python -m benchmarks.time_to_loss
	@PYTHONPATH=src $(BIN)/python -m benchmarks.stages
	@PYTHONPATH=src $(BIN)/python -m benchmarks.growth
	@PYTHONPATH=src $(BIN)/python benchmarks/train_step.py
	@PYTHONPATH=src $(BIN)/python -m benchmarks.step_profile
	@PYTHONPATH=src $(BIN)/python benchmarks/search.py
	-@PYTHONPATH=src $(BIN)/python -m benchmarks.explorer
	@PYTHONPATH=src $(BIN)/python -m benchmarks.tables

report: setup ## after dvc repro, bring report.html up to date: everything on one page, to be opened in a browser
	@$(BIN)/dvc repro --single-item report@study
	@echo "report.html shows metrics/ and plots/ as they are: open it in a browser"

explorer: setup ## the explorer with every test image, for this machine alone: explorer-all.html (some minutes, some 100 MB)
	@PYTHONPATH=src $(BIN)/python -m autoencoder.tools.whole_explorer

readme: setup ## rewrite the tables of README, docs and benchmarks from the results, and draw the report's first screen
	@PYTHONPATH=src $(BIN)/python -m autoencoder.tools.readme
	@PYTHONPATH=src $(BIN)/python -m benchmarks.tables
	@PYTHONPATH=src $(BIN)/python -m autoencoder.tools.first_screen

tidy: setup ## move away the results of runs and data sets that params.yaml names no more
	@PYTHONPATH=src $(BIN)/python -m autoencoder.tools.tidy

keep: setup ## put the present weights into the repository's remote, and remove all others there
	@PYTHONPATH=src $(BIN)/python -m autoencoder.tools.kept_weights

clean: ## remove the demo, caches, and the state of interrupted trainings
	rm -rf .demo .resume .mypy_cache .pytest_cache .ruff_cache .hypothesis dvc_plots mutants
