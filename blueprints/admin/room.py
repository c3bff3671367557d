"""The administrators' room: one blueprint, its pages in the modules beside this one."""

from flask import Blueprint

bp = Blueprint("admin", __name__)
