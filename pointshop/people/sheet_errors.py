"""The one way in which a spreadsheet is refused."""


class UnreadableSheet(ValueError):
    """A file that can't be read as a table (读不了的表格); the message is for people, in Chinese.

    line: as numbered in the file, from 1; column: the name in its header. None where the fault has no place.
    """

    def __init__(self, message: str, *, line: int | None = None, column: str | None = None) -> None:
        super().__init__(message)
        self.line = line
        self.column = column
