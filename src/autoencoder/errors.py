"""The one exception meant for users: a mistake they can mend, told in one line."""


class UserError(ValueError):
    """Bad input: the message says what is wrong, where, and what to do. Shown without a traceback."""
