"""Tables 2 and 3: what ``syncfusion evaluate`` does, with the same changes to exp/evaluate.yaml."""

import sys

from syncfusion.cli import main

if __name__ == "__main__":
    main(["evaluate", *sys.argv[1:]])
