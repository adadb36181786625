"""Run the command line as ``python -m syncfusion``."""

from syncfusion.cli import main

if __name__ == "__main__":
    main()
