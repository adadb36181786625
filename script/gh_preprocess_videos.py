"""Process videos for training: ``syncfusion preprocess videos`` under its published name."""

import sys

from syncfusion.cli import main

if __name__ == "__main__":
    main(["preprocess", "videos", *sys.argv[1:]])
