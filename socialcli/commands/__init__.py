"""One file a verb: options, then ``run(app, ...) -> Answer``, which neither prints nor exits."""
