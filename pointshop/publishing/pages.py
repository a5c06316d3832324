"""How pages are made from templates: everything in them is escaped, a missing word is an error."""

from collections.abc import Mapping
from types import MappingProxyType

from jinja2 import Environment, PackageLoader, StrictUndefined

from pointshop.publishing.document import short_digest
from pointshop.publishing.typeset import ems, longest_part, name_parts

#: No line of a sheet was taken off its public page.
NOTHING_STRUCK: Mapping[int, str] = MappingProxyType({})
environment = Environment(
    loader=PackageLoader("pointshop.publishing"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
environment.filters |= {
    "ems": ems,
    "longest_part": longest_part,
    "name_parts": name_parts,
    "short_digest": short_digest,
}
