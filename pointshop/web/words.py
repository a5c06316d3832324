"""What pages say, in Chinese and English, from one catalogue: text/catalogue.json, `key: [Chinese, English]`."""

import json
from typing import Literal, get_args

from pointshop.web.assets import FILES

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
CATALOGUE: dict[str, list[str]] = json.loads(FILES["text/catalogue.json"].content)


class Words:
    """`words("card.balance")`, `words("card.place", place=3, of=80)` in one language."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self._index = LANGUAGES.index(language)

    def __call__(self, key: str, **values: object) -> str:
        """Raises KeyError for a key that nobody wrote down."""
        text = CATALOGUE[key][self._index]
        for name, value in values.items():
            text = text.replace("{" + name + "}", str(value))
        return text
