"""The patients of the demo clinic: plain tables. None of them exists."""

import datetime as dt
from dataclasses import dataclass, field

OWN_ACCOUNT = "meera@patients.example"
"""The account of the first patient."""
ASKING_ACCOUNT = "imran@patients.example"
"""The account of a patient who asks for a treatment at home."""


@dataclass(frozen=True)
class Guest:
    """A patient. Without e-mail the front desk rings; without a phone too, it is on paper.

    `key` names them in the other tables; two people of one given name have keys of their own.
    """

    given: str
    family: str
    born: dt.date
    gender: str
    accepts: str
    email: str = ""
    phone: str = ""
    language: str = "en"
    more: dict[str, str] = field(default_factory=dict)
    as_key: str = ""

    @property
    def key(self) -> str:
        return self.as_key or self.given

    @property
    def channel(self) -> str:
        return "email" if self.email else "call" if self.phone else "paper"

    @property
    def has_account(self) -> bool:
        return self.email in (OWN_ACCOUNT, ASKING_ACCOUNT)


def _phone(last: int) -> str:
    return f"+91141555{last:04}"


def _mail(name: str) -> str:
    return f"{name}@patients.example"


def _woman(
    given: str, family: str, born: tuple[int, int, int], last: int, email: str = "", language: str = "en", key: str = ""
) -> Guest:
    address = _mail(email) if email else ""
    return Guest(given, family, dt.date(*born), "woman", "female", address, _phone(last), language, as_key=key)


def _man(
    given: str, family: str, born: tuple[int, int, int], last: int, email: str = "", language: str = "en", key: str = ""
) -> Guest:
    address = _mail(email) if email else ""
    return Guest(given, family, dt.date(*born), "man", "male", address, _phone(last), language, as_key=key)


GUESTS = [
    Guest("Meera", "Kapoor", dt.date(1984, 5, 17), "woman", "female", OWN_ACCOUNT, _phone(101)),
    Guest("Rajesh", "Khanna", dt.date(1971, 11, 2), "man", "male", "rajesh@patients.example", _phone(102)),
    Guest(
        "Savitri",
        "Devi",
        dt.date(1952, 1, 26),
        "woman",
        "female",
        "",
        _phone(103),
        "hi",
        {"needs": "Wheelchair; her son brings her"},
    ),
    Guest("Imran", "Qureshi", dt.date(1990, 8, 9), "man", "any", ASKING_ACCOUNT, _phone(104)),
    Guest("Ananya", "Iyer", dt.date(1997, 3, 30), "woman", "female", "ananya@patients.example", _phone(105)),
    Guest("Bhanwar", "Singh", dt.date(1948, 6, 6), "man", "male", "", _phone(106), "hi"),
    Guest("Fatima", "Ansari", dt.date(1979, 12, 12), "woman", "female", "fatima@patients.example", _phone(107)),
    Guest("Joseph", "D'Souza", dt.date(1966, 4, 21), "man", "any", "joseph@patients.example", _phone(108)),
    Guest(
        "Kamla",
        "Bai",
        dt.date(1959, 10, 3),
        "woman",
        "female",
        "",
        _phone(109),
        "hi",
        {"needs": "Help with changing clothes"},
    ),
    Guest("Nikhil", "Bansal", dt.date(1988, 2, 14), "man", "male", "nikhil@patients.example", _phone(110)),
    Guest("Tara", "Shekhawat", dt.date(2001, 7, 19), "woman", "any", "tara@patients.example", _phone(111)),
    Guest("Govind", "Purohit", dt.date(1943, 9, 28), "man", "male", "", "", "hi"),
]
"""Those with a diary of some days; `TODAYS` come on the demo's own day."""

TODAYS = [
    _woman("मीरा", "कपूर", (1991, 2, 3), 121, language="hi"),
    _woman("सुशीला", "शर्मा", (1964, 8, 15), 122, language="hi"),
    _man("रामलाल", "मीणा", (1957, 7, 1), 123, language="hi"),
    _woman("गीता", "यादव", (1978, 11, 23), 124, "geeta.yadav", "hi"),
    _man("मोहन", "सैनी", (1969, 5, 9), 125, language="hi"),
    _man("Sunil", "Gupta", (1980, 2, 3), 126, "sunil.gupta", key="Sunil (younger)"),
    _man("Sunil", "Gupta", (1961, 9, 14), 127, key="Sunil (older)"),
    _man("Rohit", "Jangid", (2002, 4, 18), 128, "rohit"),
    _woman("Lata", "Mishra", (1977, 6, 30), 129, "lata"),
    _woman("Zoya", "Khan", (1999, 1, 11), 130, "zoya"),
    _woman("Parveen", "Bano", (1988, 10, 5), 131, language="hi"),
    _man("Om Prakash", "Sharma", (1967, 3, 8), 132, "omprakash"),
    _woman("Usha", "Rani", (1968, 12, 1), 133, "usha"),
    _man("Kishan", "Lal", (1960, 1, 20), 134, language="hi"),
    _woman("Deepika", "Nair", (1987, 7, 7), 135, "deepika"),
    _man("Harish", "Meena", (1973, 9, 19), 136, "harish"),
    _man("Vijay", "Tiwari", (1978, 2, 26), 137, "vijay"),
    _woman("Sneha", "Rathi", (1995, 5, 2), 138, "sneha"),
    _woman("Shobha", "Jain", (1969, 8, 28), 139, "shobha"),
    _woman("Nirmala", "Gaur", (1976, 4, 4), 140, language="hi"),
    _man("Jagdish", "Prasad", (1958, 6, 12), 141, language="hi"),
    _woman("Sarita", "Agarwal", (1981, 3, 15), 142, "sarita"),
    _man("Abdul", "Rashid", (1985, 12, 25), 143, "abdul"),
    _man("Prem", "Singh", (1982, 10, 10), 144, "prem"),
    _man("Mahesh", "Soni", (1975, 1, 31), 145, "mahesh"),
    _woman("Rukmini", "Pareek", (1963, 11, 17), 146, language="hi"),
    _woman("Farida", "Sheikh", (1974, 5, 24), 147, "farida"),
    _man("Gulab", "Chand", (1972, 8, 3), 148, language="hi"),
]
EVERYBODY = [*GUESTS, *TODAYS]
