"""The vocabulary of text prompts: a word stands for a material, an action or nothing.

A word that only suggests a material ("splash") counts where no other word names one.
"""

import re
import unicodedata
from typing import NamedTuple

from syncfusion.constants import ACTIONS, MATERIALS
from syncfusion.errors import InputError

CONCEPTS = (*MATERIALS, *ACTIONS)
MAX_CHARACTERS = 1000  # longer prompts are pasted by mistake
SHORTEST_STEM = 3  # letters; shorter stems are not looked up

NAMES = {
    "carpet": "carpet rug linoleum",
    "ceramic": "ceramic porcelain pottery clay china crockery earthenware terracotta",
    "cloth": "cloth fabric textile cotton leather wool denim silk velvet",
    "dirt": "dirt soil mud muddy sand sandy dust dusty mulch loam",
    "drywall": "drywall plasterboard plaster sheetrock gypsum",
    "glass": "glass crystal",
    "grass": "grass lawn hay turf meadow straw weed moss",
    "gravel": "gravel pebble shingle grit scree cinder",
    "leaf": "leaf leaves foliage ivy fern twig snow",
    "metal": "metal metallic steel iron aluminium aluminum tin brass copper bronze chrome silver "
    "gold",
    "paper": "paper cardboard carton",
    "plastic": "plastic pvc vinyl rubber acrylic nylon polystyrene styrofoam",
    "plastic-bag": "cellophane polythene",
    "rock": "rock stone boulder concrete cement granite asphalt brick cobblestone slate marble",
    "tile": "tile mosaic",
    "water": "water puddle liquid",
    "wood": "wood wooden timber oak pine plywood lumber bamboo plank log",
    "hit": "hit tap strike struck bang beat smack slap punch kick pound impact thump whack drum "
    "hammer step footstep walk stomp clap bump jab pat drop percussion thwack smash poke chop "
    "flick footfall",
    "scratch": "scratch scrape rub drag slide stroke brush sweep grind swipe scuff rake grate "
    "scrub friction swish shuffle saw swoosh slither",
}
OBJECTS = {  # usually of this material, unless the prompt names another: "metal table"
    "carpet": "mat doormat",
    "ceramic": "mug plate bowl dish vase pot teacup saucer",
    "cloth": "pillow cushion sofa couch curtain blanket towel shirt bed mattress jacket duvet",
    "dirt": "earth ground beach",
    "drywall": "wall ceiling",
    "glass": "bottle cup window jar goblet wineglass mirror windshield beaker",
    "grass": "field",
    "gravel": "driveway path",
    "leaf": "bush plant shrub hedge branch tree vegetation flower",
    "metal": "pipe rail railing anvil chain pan bell sword blade nail wrench can gong cymbal fence "
    "pole key coin radiator",
    "paper": "book newspaper magazine envelope page box card notebook",
    "plastic": "bucket bin tupperware lid container",
    "plastic-bag": "bag",
    "rock": "pavement sidewalk cliff cobble kerb road street",
    "tile": "bathroom countertop sink bathtub kitchen tub",
    "water": "lake pool river pond sea ocean stream rain wave",
    "wood": "table door desk bench floor floorboard parquet furniture trunk chair board cabinet "
    "drawer",
}
SOUNDS = {  # "material action" of a sound, each counted unless the prompt names another
    "water hit": "splash splosh drip plop",
    "water scratch": "slosh gurgle",
    "wood hit": "knock",
    "wood scratch": "creak",
    "metal hit": "clang clank ding jingle",
    "glass hit": "clink tinkle shatter",
    "leaf scratch": "rustle",
    "gravel hit": "crunch",
    "plastic-bag scratch": "crinkle",
    "paper scratch": "crumple tear",
    "dirt hit": "squelch thud",
    "cloth scratch": "wipe",
}
PHRASES = {
    "plastic bag": "plastic-bag",
    "shopping bag": "plastic-bag",
    "grocery bag": "plastic-bag",
    "carrier bag": "plastic-bag",
    "bin bag": "plastic-bag",
    "plastic wrap": "plastic-bag",
    "cling film": "plastic-bag",
    "dry wall": "drywall",
    "plaster board": "drywall",
}
IGNORED = (
    "a an the of on in at to by for from onto against and or with some it its is are no none "
    "sound noise audio sfx fx effect recording foley recorded stick drumstick "
    "soft loud quiet hard gentle big small heavy light old new single short long"
)
LIGATURE = "-"  # joins the words of a phrase


def _listed(table: dict[str, str]) -> dict[str, tuple[str, ...]]:
    return {word: tuple(key.split()) for key, words in table.items() for word in words.split()}


NAMED = _listed(NAMES) | _listed({concept: concept for concept in CONCEPTS})
NAMED |= {phrase: (concept,) for phrase, concept in PHRASES.items()}
SUGGESTED = _listed(OBJECTS) | _listed(SOUNDS)
KNOWN = NAMED.keys() | SUGGESTED.keys()


class Reading(NamedTuple):
    """A prompt's known words as written, their concepts, and the other words."""

    known: tuple[str, ...]
    concepts: frozenset[str]
    unknown: tuple[str, ...]


def read_prompt(text: str) -> Reading:
    """Find the known and unknown words of a prompt, whatever its case, accents and punctuation.

    Args:
        text: at most 1000 characters.

    Returns:
        Known words, concepts and other words.

    Raises:
        InputError: if the prompt has no words or more than 1000 characters.
    """
    if len(text) > MAX_CHARACTERS:
        raise InputError(
            f"the prompt has {len(text)} characters, at most {MAX_CHARACTERS} are read; "
            "name the material and the action, for example 'metal hit'"
        )
    words = _words(text)
    if not words:
        raise InputError(
            f"the prompt {text.strip()[:40]!r} has no words; "
            "name the material and the action, for example 'metal hit'"
        )
    entries = {word: entry for word in words if (entry := _entry(word))}
    unknown = tuple(word for word in words if word not in entries and word not in IGNORED.split())
    return Reading(tuple(entries), _concepts(set(entries.values())), unknown)


def known_words(text: str) -> list[str]:
    """Return the words of a prompt that name or suggest a material or an action, each once."""
    return list(read_prompt(text).known)


def unknown_prompt_warning(text: str) -> str | None:
    """Return a warning if no word of a prompt is known, else None."""
    if known_words(text):
        return None
    return (
        f"no word of the prompt {text.strip()[:60]!r} is known, so the sound is a guess; "
        f"known are materials ({', '.join(MATERIALS)}) and actions ({', '.join(ACTIONS)})"
    )


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    words = re.findall(r"[^\W_]+", plain)
    joined, position = [], 0
    while position < len(words):
        pair = " ".join(_singular(word) for word in words[position : position + 2])
        joined.append(pair.replace(" ", LIGATURE) if pair in PHRASES else words[position])
        position += 2 if pair in PHRASES else 1
    return joined


def _singular(word: str) -> str:
    return word.removesuffix("s") if word.endswith("bags") else word


def _entry(word: str) -> str | None:
    """Return the listed word that this is a form of: hitting -> hit, scraped -> scrape."""
    spaced = word.replace(LIGATURE, " ")
    return next((form for form in (spaced, *_stems(word)) if form in KNOWN), None)


def _stems(word: str) -> list[str]:
    stems = []
    for ending in ("s", "es", "ed", "d", "ing", "ings", "er", "y"):
        stem = word.removesuffix(ending)
        if stem == word or len(stem) < SHORTEST_STEM:
            continue
        undoubled = [stem[:-1]] if stem[-1] == stem[-2] else []
        stems += [stem, f"{stem}e", *undoubled]
    return stems


def _concepts(entries: set[str]) -> frozenset[str]:
    named = {concept for entry in entries for concept in NAMED.get(entry, ())}
    suggested = {concept for entry in entries for concept in SUGGESTED.get(entry, ())}
    for kind in (MATERIALS, ACTIONS):
        if not named.intersection(kind):
            named |= suggested.intersection(kind)
    return frozenset(named)
