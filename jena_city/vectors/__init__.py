"""Streets, trees, areas, plots, plan areas and reference lines from vector files, in scene coordinates."""

from .areas import read_areas, read_plan_areas
from .lines import read_lines
from .plots import read_plots
from .streets import STREET_WIDTHS, read_streets
from .tables import RAILS, yes_or_no
from .trees import read_trees

__all__ = ["RAILS", "STREET_WIDTHS", "read_areas", "read_lines", "read_plan_areas", "read_plots", "read_streets", "read_trees", "yes_or_no"]
