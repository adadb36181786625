"""Where CLAP's weights and its tokenizer come from, and where the tokenizer lies here."""

from syncfusion.places import CLAP_WEIGHTS

WEIGHTS_SOURCE = "https://huggingface.co/lukewys/laion_clap"
FOLDER = CLAP_WEIGHTS.with_name("roberta-base")  # of the tokenizer
TOKENIZER_SOURCE = "https://huggingface.co/roberta-base"
REPOSITORIES = ("roberta-base", "FacebookAI/roberta-base")  # its names on the hub, old and new
ALL_IN_ONE, IN_PARTS = ("tokenizer.json",), ("vocab.json", "merges.txt")
