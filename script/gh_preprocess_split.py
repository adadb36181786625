"""Divide videos into three splits: ``syncfusion preprocess split`` under its published name."""

import sys

from syncfusion.cli import main

if __name__ == "__main__":
    main(["preprocess", "split", *sys.argv[1:]])
