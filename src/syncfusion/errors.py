"""The errors that end a command with one sentence."""


class InputError(ValueError):
    """Something given from outside cannot be used; the message names what, where and what to do.

    The command line prints the message as one sentence and exits with code 2.
    """


class CommandFailed(Exception):
    """A command ended badly, though its input was good.

    Args:
        message: one sentence.
        code: the exit code, 1 or more.
    """

    def __init__(self, message: str, code: int) -> None:
        super().__init__(message)
        self.code = code
