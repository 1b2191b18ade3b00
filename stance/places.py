"""Know countries by their names, demonyms, capitals and seats of government.

A metonym stands for its country ("Pyongyang said"), a seat of government for itself ("the White
House"), since news sets the two apart.
"""

from __future__ import annotations

import re
from functools import cache

# name | other names | demonyms | capital
_COUNTRIES = """
Afghanistan||Afghan|Kabul;Albania||Albanian|Tirana;Algeria||Algerian|Algiers;
Argentina||Argentine,Argentinian|Buenos Aires;Armenia||Armenian|Yerevan;
Australia||Australian|Canberra;Austria||Austrian|Vienna;Azerbaijan||Azerbaijani|Baku;
Bangladesh||Bangladeshi|Dhaka;Belarus||Belarusian|Minsk;Belgium||Belgian|Brussels;
Bolivia||Bolivian|La Paz;Bosnia||Bosnian|Sarajevo;Brazil||Brazilian|Brasilia;
Bulgaria||Bulgarian|Sofia;Cambodia||Cambodian|Phnom Penh;Canada||Canadian|Ottawa;
Chile||Chilean|Santiago;China|People's Republic of China,PRC|Chinese|Beijing;
Colombia||Colombian|Bogota;Croatia||Croatian|Zagreb;Cuba||Cuban|Havana;
Cyprus||Cypriot|Nicosia;Czech Republic|Czechia|Czech|Prague;Denmark||Danish|Copenhagen;
Ecuador||Ecuadorian|Quito;Egypt||Egyptian|Cairo;Estonia||Estonian|Tallinn;
Ethiopia||Ethiopian|Addis Ababa;Finland||Finnish|Helsinki;France||French|Paris;
Georgia||Georgian|Tbilisi;Germany||German|Berlin;Ghana||Ghanaian|Accra;
Greece||Greek|Athens;Hungary||Hungarian|Budapest;Iceland||Icelandic|Reykjavik;
India||Indian|New Delhi;Indonesia||Indonesian|Jakarta;
Iran|Islamic Republic|Iranian|Tehran;Iraq||Iraqi|Baghdad;Ireland||Irish|Dublin;
Israel||Israeli|;Italy||Italian|Rome;Japan||Japanese|Tokyo;Jordan||Jordanian|Amman;
Kazakhstan||Kazakh|Astana;Kenya||Kenyan|Nairobi;Kosovo||Kosovar|Pristina;
Kuwait||Kuwaiti|Kuwait City;Latvia||Latvian|Riga;Lebanon||Lebanese|Beirut;
Libya||Libyan|Tripoli;Lithuania||Lithuanian|Vilnius;Malaysia||Malaysian|Kuala Lumpur;
Mali||Malian|Bamako;Malta||Maltese|Valletta;Mexico||Mexican|Mexico City;
Moldova||Moldovan|Chisinau;Mongolia||Mongolian|Ulaanbaatar;Morocco||Moroccan|Rabat;
Myanmar|Burma|Burmese|Naypyidaw;Nepal||Nepali|Kathmandu;
Netherlands|Holland|Dutch|The Hague;New Zealand||New Zealander|Wellington;
Nigeria||Nigerian|Abuja;
North Korea|DPRK,Democratic People's Republic of Korea|North Korean|Pyongyang;
Norway||Norwegian|Oslo;Pakistan||Pakistani|Islamabad;Palestine||Palestinian|Ramallah;
Peru||Peruvian|Lima;Philippines||Philippine,Filipino|Manila;Poland||Polish|Warsaw;
Portugal||Portuguese|Lisbon;Qatar||Qatari|Doha;Romania||Romanian|Bucharest;
Russia|Russian Federation|Russian|Moscow;Rwanda||Rwandan|Kigali;
Saudi Arabia||Saudi|Riyadh;Serbia||Serbian|Belgrade;Singapore||Singaporean|;
Slovakia||Slovak|Bratislava;Slovenia||Slovenian|Ljubljana;Somalia||Somali|Mogadishu;
South Africa||South African|Pretoria;South Korea|Republic of Korea|South Korean|Seoul;
Spain||Spanish|Madrid;Sri Lanka||Sri Lankan|Colombo;Sudan||Sudanese|Khartoum;
Sweden||Swedish|Stockholm;Switzerland||Swiss|Bern;Syria||Syrian|Damascus;
Taiwan||Taiwanese|Taipei;Tanzania||Tanzanian|Dodoma;Thailand||Thai|Bangkok;
Tunisia||Tunisian|Tunis;Turkey|Turkiye,Türkiye|Turkish|Ankara;Uganda||Ugandan|Kampala;
Ukraine||Ukrainian|Kyiv,Kiev;United Arab Emirates|UAE|Emirati|Abu Dhabi;
United Kingdom|Britain,UK,U.K.,Great Britain|British|London;
United States|US,U.S.,USA,U.S.A.,America|American|Washington;
Uruguay||Uruguayan|Montevideo;Uzbekistan||Uzbek|Tashkent;Venezuela||Venezuelan|Caracas;
Vietnam||Vietnamese|Hanoi;Yemen||Yemeni|Sanaa;Zambia||Zambian|Lusaka;
Zimbabwe||Zimbabwean|Harare
"""


@cache
def table() -> dict[str, str]:
    """Map every name, demonym and capital (case-folded) to its country."""
    known: dict[str, str] = {}
    for entry in _COUNTRIES.replace("\n", "").split(";"):
        name, others, demonyms, capitals = entry.split("|")
        words = [name, *others.split(","), *demonyms.split(","), *capitals.split(",")]
        words += [f"{word}s" for word in demonyms.split(",") if word.endswith(("n", "i"))]
        known |= {word.casefold(): name for word in words if word}
    return known


@cache
def _pattern() -> re.Pattern[str]:
    names = sorted(table(), key=len, reverse=True)
    return re.compile(rf"(?<![\w.])(?:{'|'.join(map(re.escape, names))})(?!\w)", re.IGNORECASE)


_STATE_POST = re.compile(
    r"(?:[’']s?)?\s+(?:(?:deputy|vice)\s+)?(?:president|prime\s+minister|premier|chancellor|king|"
    r"queen|emir|(?:[\w-]+\s+){0,2}?(?:minister|ministry|ambassador|envoy)|"
    r"(?:foreign|defen[cs]e|home|state)\s+secretary|secretary\s+of\s+state)\b",
    re.IGNORECASE,
)


def countries_in(text: str) -> list[tuple[str, int, int]]:
    """Find the countries that a text names, in order: (country, start, end).

    "US" and "UK" count only in capitals: *us* is a pronoun.
    """
    found = []
    for match in _pattern().finditer(text):
        words = match[0]
        if words[0].isupper() and not (len(words) == 2 and not words.isupper()):
            found.append((table()[words.casefold()], match.start(), match.end()))
    return found


def country_of(name: str) -> str | None:
    """Return the country that the whole of `name` stands for, None where it stands for none."""
    bare = re.sub(r"^the\s+", "", name.strip(), flags=re.IGNORECASE)
    return table().get(bare.casefold().replace("’", "'"))


def proper_names() -> list[tuple[str, str]]:
    """Return the names of countries, written as names are, each with its country."""
    return [(name.title() if len(name) > 4 else name.upper(), c) for name, c in table().items()]


def of_state(words: str) -> str | None:
    """Return the country whose minister or ministry words tell of: "Norway's foreign minister"."""
    found = (c for c, _, end in countries_in(words) if _STATE_POST.match(words, end))
    return next(found, None)
