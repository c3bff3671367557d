"""Roles and groups by what a provider says of people, at every sign-in."""

from typing import Any

import pytest

from portal.signing_in.providers import MICROSOFT, OIDC
from portal.staff import groups
from portal.tables import Audit, Person
from tests.browse import Browser
from tests.cast import CAST
from tests.sign_ins import group, link, person, provide, remove_person, says, sign_in
from tests.stage import Stage

ROLES = {"bosses": "admin", "staff": "member"}


def comes(stage: Stage, who: str, **claims: Any) -> None:
    says(stage, who, claims)
    sign_in(stage, stage.portal.visitor(), who, OIDC)


def groups_of(stage: Stage, who: str) -> list[str]:
    with stage.database.reading() as db:
        return [one.name for one in groups.of_person(db, person(stage, who).id)]


def test_the_role_follows_the_claim(stage: Stage) -> None:
    provide(stage, OIDC, role_claim="groups", roles=ROLES)

    comes(stage, "alice", groups=["staff", "bosses"])
    assert person(stage, "alice").role == "admin"
    comes(stage, "alice", groups=["staff"])

    assert person(stage, "alice").role == "member"
    acts = [
        (row.before, row.after) for row in stage.rows(Audit) if row.act == "role set by a claim"
    ]
    assert acts == [("member", "admin"), ("admin", "member")]


def test_somebody_new_comes_with_their_role(stage: Stage) -> None:
    remove_person(stage, "bob")
    provide(stage, OIDC, creates_people=True, role_claim="roles", roles=ROLES)

    comes(stage, "bob", roles="bosses")

    assert person(stage, "bob").role == "admin"


@pytest.mark.parametrize("claims", [{}, {"roles": None}, {"roles": 7}, {"roles": ["owner", 3]}])
def test_without_a_value_that_counts_one_is_a_member(stage: Stage, claims: dict[str, Any]) -> None:
    provide(stage, OIDC, role_claim="roles", roles=ROLES)

    comes(stage, "carol", **claims)

    assert person(stage, "carol").role == "member"


def test_without_a_rule_roles_are_left_alone(stage: Stage) -> None:
    provide(stage, OIDC)

    comes(stage, "carol")

    assert person(stage, "carol").role == "admin"


def test_owners_stay_owners(stage: Stage, olivia: Browser) -> None:
    stage.world.add_person("Olivia Oak", CAST["olivia"].address)
    provide(stage, OIDC, role_claim="roles", roles=ROLES)
    link(stage, olivia, "olivia", OIDC)

    comes(stage, "olivia", roles=["staff"])

    assert person(stage, "olivia").role == "owner"


def test_a_claim_can_lie_within_another(stage: Stage) -> None:
    provide(stage, OIDC, role_claim="realm_access.roles", roles=ROLES)

    comes(stage, "alice", realm_access={"roles": ["bosses"]})

    assert person(stage, "alice").role == "admin"


def test_groups_follow_the_claim_and_others_are_left_alone(stage: Stage) -> None:
    sales, support, choir = (group(stage, name) for name in ("Sales", "Support", "Choir"))
    provide(stage, OIDC, group_claim="groups", groups={"s": sales, "t": support, "gone": 99})
    with stage.database.writing() as db:
        alice = db.get_one(Person, person(stage, "alice").id)
        held = groups.find(db, choir)
        assert held is not None
        groups.join(db, held, alice, by=None, now=stage.now)

    comes(stage, "alice", groups=["s", "gone"])
    assert groups_of(stage, "alice") == ["Choir", "Sales"]
    comes(stage, "alice", groups=["t"])

    assert groups_of(stage, "alice") == ["Choir", "Support"]


def test_where_microsoft_names_too_many_groups_nothing_is_changed(
    stage: Stage, visitor: Browser
) -> None:
    provide(stage, MICROSOFT, role_claim="groups", roles=ROLES)
    stage.world.forge_next_id_token(_claim_names={"groups": "src1"})

    sign_in(stage, visitor, "carol")

    assert person(stage, "carol").role == "admin"


def test_a_role_of_the_app_at_microsoft_counts(stage: Stage, visitor: Browser) -> None:
    provide(stage, MICROSOFT, role_claim="roles", roles=ROLES)
    stage.world.forge_next_id_token(roles=["bosses"])

    sign_in(stage, visitor, "alice")

    assert person(stage, "alice").role == "admin"
