"""What can go wrong, and who has to act."""


class MeasurementFailed(Exception):
    """One figure can't be had; the others can. The message says why, in words for people."""


class MissingTool(Exception):
    """Something has to be installed before anything can be measured."""

    def __init__(self, message, advice):
        super().__init__(message)
        self.advice = advice


class Usage(Exception):
    """The command line asks for what there is not."""


class Interrupted(Exception):
    """Someone wants it to end: Ctrl-C, or a signal."""
