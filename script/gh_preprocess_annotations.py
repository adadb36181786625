"""Write annotations: ``syncfusion preprocess annotations`` under its published name."""

import sys

from syncfusion.cli import main

if __name__ == "__main__":
    main(["preprocess", "annotations", *sys.argv[1:]])
