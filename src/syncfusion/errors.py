"""The one error a user can mend."""


class InputError(ValueError):
    """Something given from outside cannot be used; the message says what, where and what to do.

    The command line prints the message as one sentence and exits with code 2.
    """
