"""The three words about one part: the catalogue's now, the catalogue's last time, and the database's."""

from therapies.catalogue.merge import Flat, Kept, Merged, joined, merge, split


def merged(said: object, loaded: object, here: object, *, force: bool = False) -> Merged:
    """Of one part, where None means that it is not there."""
    flats = [{} if value is None else {"part": value} for value in (said, loaded, here)]
    return merge("entry", said=flats[0], loaded=flats[1], here=flats[2], force=force)  # type: ignore[arg-type]


def test_a_new_part_is_written() -> None:
    assert merged("a", None, None) == Merged({"part": "a"}, [], [])


def test_a_part_that_is_right_is_left_alone() -> None:
    assert merged("a", "a", "a") == Merged({}, [], [])


def test_an_unedited_part_follows_the_catalogue() -> None:
    assert merged("b", "a", "a") == Merged({"part": "b"}, [], [])


def test_an_edited_part_is_kept() -> None:
    assert merged("b", "a", "mine") == Merged({}, [Kept("entry", "part", "b", "mine")], [])


def test_an_edit_is_kept_when_the_catalogue_says_what_it_always_said() -> None:
    assert merged("a", "a", "mine") == Merged({}, [Kept("entry", "part", "a", "mine")], [])


def test_an_edit_that_the_catalogue_takes_over_is_no_difference() -> None:
    assert merged("mine", "a", "mine") == Merged({}, [], [])


def test_a_part_that_was_taken_out_stays_out() -> None:
    assert merged("a", "a", None) == Merged({}, [Kept("entry", "part", "a", None)], [])


def test_an_entry_made_by_hand_is_kept() -> None:
    assert merged("a", None, "mine") == Merged({}, [Kept("entry", "part", "a", "mine")], [])


def test_force_writes_over_an_edit() -> None:
    assert merged("a", "a", "mine", force=True) == Merged({"part": "a"}, [], [])


def test_a_part_that_left_the_catalogue_goes() -> None:
    assert merged(None, "a", "a") == Merged({}, [], ["part"])


def test_a_part_that_left_the_catalogue_and_was_edited_is_kept() -> None:
    assert merged(None, "a", "mine") == Merged({}, [Kept("entry", "part", None, "mine")], [])
    assert merged(None, "a", "mine", force=True) == Merged({}, [], ["part"])


def split_merged(said: Flat, loaded: Flat, here: Flat, columns: set[str]) -> Merged:
    """The keys of these columns each by itself."""
    return merge("e", said=split(said, columns), loaded=split(loaded, columns), here=split(here, columns), force=False)


def test_words_of_one_language_follow_while_those_of_another_are_kept() -> None:
    said: Flat = {"texts": {"en": "New?", "hi": "नया?"}}
    loaded: Flat = {"texts": {"en": "Old?", "hi": "पुराना?"}}
    here: Flat = {"texts": {"en": "Old?", "hi": "हमारा?", "ml": "ഞങ്ങളുടെ?"}}

    result = split_merged(said, loaded, here, {"texts"})

    assert result == Merged({"texts/en": "New?"}, [Kept("e", "texts/hi", "नया?", "हमारा?")], [])
    assert joined(here, result, {"texts"}) == {"texts": {"en": "New?", "hi": "हमारा?", "ml": "ഞങ്ങളുടെ?"}}


def test_a_key_that_left_goes_out_of_its_column() -> None:
    here: Flat = {"data": {"min_days": 3, "note": "x"}, "kind": "gap"}

    result = split_merged({"data": {"min_days": 3}, "kind": "gap"}, here, here, {"data"})

    assert joined(here, result, {"data"}) == {"data": {"min_days": 3}}


def test_a_column_that_came_with_an_upgrade_and_that_nobody_filled_is_written() -> None:
    """An age limit of a variant, its own preparation: the row has nothing there, and the old catalogue never spoke."""
    for nothing in (None, "", [], {}):
        here: Flat = {"part": nothing}  # type: ignore[dict-item]

        assert merge("entry", said={"part": 90}, loaded={}, here=here, force=False) == Merged({"part": 90}, [], [])
