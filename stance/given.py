"""Tell whether "he" or "she" can stand for a name or a description.

The given names are common ones that nearly always tell a person's sex.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from stance.names import strip_titles

FEMALE_NAMES: frozenset[str] = frozenset(
    """
    abigail ada adele agnes aisha alejandra alexandra alice alison amanda amelia amina amy ana
    anastasia andrea angela anita ann anna anne annette annie antonia anya astrid audrey ayesha
    barbara beatrice beatriz beth bettina birgit bridget brigitte camille carla carmen carol
    caroline carolyn catherine cecilia celia charlotte chiara chloe christina christine claire
    clara claudia colleen connie cristina cynthia daniela daphne dawn deborah debra denise diana
    diane dolores donna dora doris dorothy edith eileen elaine elena eleanor elisabeth elizabeth
    ella ellen elsa emilia emily emma erica esther eva eve evelyn fatima fiona florence frances
    francesca freya frida gabriela gail gemma georgia geraldine gertrude gillian gina giulia gloria
    grace greta hannah harriet heather heidi helen helena helga hilary hilda ida inés ines inga
    ingrid irena irene iris irina isabel isabella ivana jacqueline jane janet janice jean jennifer
    jessica jill joan joanna johanna josephine joyce juana judith judy julia juliana julie juliet
    justine karen karin karina katarina kate katharine katherine kathleen kathryn katie kirsten
    kristin kristina lara laura lauren layla leila lena leonor leslie leyla liliana lillian linda
    lisa lise liv lois louise lucia lucy luisa lydia lynn magdalena maja manuela margaret margarita
    margit maria marianne marie marina marion marta martha martina mary matilda maureen megan
    melanie melissa mercedes michelle mila mildred miriam molly monica monika nadia nancy naomi
    natalia natalie natasha nicole nina noor nora norma olga olivia paola patricia paula pauline
    penelope petra phyllis pilar priya rachel raquel rebecca regina renata rita roberta rosa rose
    rosemary roxana ruth sabine sally samantha sandra sara sarah shannon sharon sheila shirley
    silvia simone sofia solveig sonia sophia sophie stella stephanie susan susana suzanne svetlana
    sylvia tamara tanya tara tatiana teresa theresa tina tracy ursula valentina valeria valerie
    vanessa vera verónica veronica victoria viktoria virginia vivian wanda wendy yasmin yolanda
    yvette yvonne zainab zara zoe
    """.split()
)
MALE_NAMES: frozenset[str] = frozenset(
    """
    aaron abdul abdullah abraham adam adrian ahmed alain alan albert alberto alejandro aleksandr
    alex alexander alexei alfred ali allan amir anatoly anders andre andreas andrei andrew andy
    angus anthony anton antonio arjun arnold arthur arturo barry ben benjamin bernard bernd bert
    bill björn bob boris brad bradley brandon brendan brian bruce bruno bryan carl carlos cesar
    charles chris christian christopher claude clive colin conor craig curtis dan daniel darren
    dave david dean dennis derek diego dieter dimitri dmitri dmitry dominic don donald douglas
    duncan dwayne ed eddie edgar edmund eduardo edward edwin emil emmanuel enrique eric erik ernest
    ernesto eugene felipe felix fernando francis francisco franco frank franz fred frederick
    friedrich gabriel gareth gary gavin geoffrey george gerald gerard gerhard giorgi giovanni
    giuseppe glenn gordon graham greg gregory guillermo günter gustavo guy hamid hans harold harry
    hassan heinrich heinz henri henrik henry herbert herman hugh hugo hussein ian ibrahim igor
    isaac ivan jack jacob jacques jaime jake jakob james jan jared jason javier jeff jeffrey jens
    jeremy jerome jerry jesus jim joachim joe joel johan johannes john johnny jon jonas jonathan
    jorge josé jose josef joseph joshua juan julian julio jürgen justin kareem karl keith ken
    kenneth kevin khalid klaus kurt kyle lars lawrence lee leo leon leonard leonid leroy lewis liam
    lorenzo louis luca lucas luigi luis lukas luke magnus mahmoud malcolm manuel marc marcel marco
    marcus mario mark markus martin marvin mathias matteo matthew matthias maurice max michael
    michel miguel mike mikhail milan mohamed mohammad mohammed muhammad mustafa nathan neil nelson
    nicholas nick nicolas nigel nikola nikolai nils norman olaf oleg oliver omar oscar otto owen
    pablo patrick paul pavel pedro per peter petr phil philip philippe pierre piotr rafael rajiv
    ralph ramon raul ray raymond ricardo richard rick rob robert roberto rodrigo roger roland roman
    ron ronald roy rudolf rupert russell ryan salvatore sam samuel scott sean sebastian serge
    sergei sergey sergio simon stanley stefan stephen steve steven stuart sven ted terence terry
    theodore thomas tim timothy tobias todd tom tomas tony travis trevor umberto victor viktor
    vincent vinod vladimir walter warren wayne werner wilhelm william winston wolfgang yuri yusuf
    """.split()
)
_FEMALE = frozenset(
    "ms mrs miss lady dame sister mother daughter wife widow woman queen princess spokeswoman "
    "chairwoman councilwoman congresswoman actress grandmother girl niece aunt".split()
)
_MALE = frozenset(
    "mr sir lord brother father son husband man king prince spokesman chairman councilman "
    "congressman grandfather boy nephew uncle".split()
)
# What stands behind tells of somebody else: "the son of the actress".
_OTHERS = re.compile(r"\s+(?:of|for|to|from|in|at|who|whose)\s")


def sex_of(words: Iterable[str]) -> str:
    """Return what names and descriptions give away of somebody's sex: "f", "m" or nothing.

    Args:
        words: what one person is called; what is said behind *of*, *for* or *who* does not count.

    Returns:
        "f" or "m" by a title or noun, else by the given name; an empty string where none tells.
    """
    people = [_OTHERS.split(phrase)[0] for phrase in words]
    found = {w.casefold().strip(".,’'") for person in people for w in person.split()}
    if found & _FEMALE:
        return "f"
    if found & _MALE:
        return "m"
    names = [strip_titles(person).split() for person in people]
    first = {name[0].casefold() for name in names if len(name) > 1 and name[0][:1].isupper()}
    return "f" if first & FEMALE_NAMES else "m" if first & MALE_NAMES else ""
