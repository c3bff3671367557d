"""Who chose otherwise below the account: said at each setting of the account's own page."""

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from portal.tables import Group, Person, Setting


@dataclass(frozen=True, slots=True)
class Overrides:
    """`groups`: their ids and names, by name. `people`: how many chose for themselves."""

    groups: tuple[tuple[int, str], ...] = ()
    people: int = 0


def of_account(db: Session) -> dict[str, Overrides]:
    """By key; keys that nobody chose below are not named."""
    groups: dict[str, list[tuple[int, str]]] = defaultdict(list)
    chosen = select(Setting.key, Group.id, Group.name).join(Group, Group.id == Setting.group_id)
    for key, group_id, name in db.execute(chosen.order_by(Group.name_key)):
        groups[key].append((group_id, name))
    people = {row.key: row.number for row in db.execute(_own())}
    return {
        key: Overrides(tuple(groups.get(key, ())), people.get(key, 0))
        for key in groups.keys() | people.keys()
    }


def of_group(db: Session, group_id: int) -> dict[str, Overrides]:
    """People of it who chose for themselves."""
    mine = _own().where(Person.primary_group_id == group_id)
    return {row.key: Overrides(people=row.number) for row in db.execute(mine)}


def _own() -> Select[str, int]:
    counted = select(Setting.key, func.count(Setting.id).label("number"))
    return counted.join(Person, Person.id == Setting.person_id).group_by(Setting.key)
