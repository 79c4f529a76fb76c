# Two commands do all set-up on a fresh machine: make run, make test.
.PHONY: run demo test check bench nightly fuzz format vectors messages pictures
run demo test check bench nightly fuzz format vectors messages pictures:
	@python3 dev.py $@
