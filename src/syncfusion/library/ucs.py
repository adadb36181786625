"""File names of the Universal Category System, as sound libraries use them.

A name is ``CatID_Name_Creator_Source``, for instance ``WOODImpt_Plank Drop_ABC_Lib.wav``. A CatID
is a category in capitals and a subcategory (UCS 8.2, https://universalcategorysystem.com, public
domain). Only categories of things that are struck, rubbed or stepped on are listed here.
"""

import re

CATEGORIES = {  # the words each stands for, in those of prompts
    "BELL": "bell",
    "CERM": "ceramic",
    "CHAIN": "metal chain",
    "CLOTH": "cloth",
    "DIRT": "dirt",
    "DOOR": "door",
    "DRWR": "drawer",
    "FLAG": "cloth flag",
    "FOLY": "foley",
    "FOOD": "food",
    "FURN": "furniture",
    "GLAS": "glass",
    "GORE": "gore",
    "GRVL": "gravel",
    "ICE": "ice",
    "LETH": "leather",
    "METL": "metal",
    "PAPR": "paper",
    "PLAS": "plastic",
    "ROCK": "rock",
    "ROPE": "rope",
    "RUBR": "rubber",
    "SAND": "sand",
    "SNOW": "snow",
    "SPRT": "sports",
    "TOOL": "tool",
    "VEGE": "leaf",
    "WATR": "water",
    "WOOD": "wood",
}
SUBCATEGORIES = {
    "Bang": "bang",
    "Brk": "break",
    "Clth": "cloth",
    "Crsh": "crash",
    "Feet": "footstep",
    "Fric": "scrape",
    "Hit": "hit",
    "Hndl": "handle",
    "Impt": "impact",
    "Knck": "knock",
    "Mvmt": "movement",
    "Rttl": "rattle",
    "Scrp": "scrape",
    "Slid": "slide",
    "Splsh": "splash",
    "Tonl": "tonal",
}
CAT_ID = re.compile(r"([A-Z]{3,6})([A-Z][a-z]+)(?=$|[_-])")
LETTERS = re.compile(r"[^\W\d_]{2,}")


def described(stem: str) -> str:
    """Return the description of a sound in its file name, in the words of prompts.

    Args:
        stem: the name without folder and ending.

    Returns:
        Words in lower case, "wood impact plank drop" for ``WOODImpt_Plank Drop_ABC_Lib``; names of
        another form give their words, creator and source of a UCS name are left out.
    """
    match = CAT_ID.match(stem)
    category = CATEGORIES.get(match[1]) if match else None
    if match is None or category is None:
        return " ".join(LETTERS.findall(stem)).lower()
    name = re.sub(r"^[^_]*_?", "", stem, count=1).split("_")[0]
    action = SUBCATEGORIES.get(match[2], "")
    return " ".join(f"{category} {action} {' '.join(LETTERS.findall(name))}".lower().split())
