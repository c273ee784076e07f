"""Something this machine lacks, said so that the reader knows what to type next."""


class Missing(Exception):
    """A tool or package that cannot be brought in from here.

    Args:
        what: What is missing, one line in English.
        what_zh: The same in Chinese.
        do: The command or step that mends it.
    """

    def __init__(self, what: str, what_zh: str, do: str) -> None:
        super().__init__(what)
        self.what, self.what_zh, self.do = what, what_zh, do

    def __str__(self) -> str:
        return f"\n  missing  {self.what}\n  缺少     {self.what_zh}\n  do       {self.do}\n"
