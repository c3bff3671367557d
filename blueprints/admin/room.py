"""The administrators' room: one blueprint, its pages in the modules beside this one."""

from flask import Blueprint

bp = Blueprint("admin", __name__)
live = Blueprint("admin_live", __name__)  # what pages left open ask for
