"""What somebody reads on a page: never its addresses, tokens or scripts, which may hold any digits and words."""

import re

from django.http import HttpResponse


def visible_words(answer: HttpResponse) -> str:
    """The words of the page's main part, in one line."""
    page = answer.content.decode()
    main = re.search(r"<main.*?</main>", page, re.DOTALL)
    return " ".join(re.sub(r"<[^>]*>", " ", main.group() if main else page).split())
