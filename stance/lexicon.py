"""Hold the word lists that the literal check reads."""

from __future__ import annotations

import re

# Words that open sentences of news and are no names: the commonest in the training part of
# `summ_pool` that stand in lower case elsewhere, and roles and things of the same sort.
OPENERS: frozenset[str] = frozenset(
    re.findall(
        r"\S+",
        """
        a about above according across activists actor actress adult after again ahead aides
        airlines all almost along already also although altogether always ambulance ambulances
        amid among an analysts and annual another any anyone anything apart apparently
        architects are armed army around arrest arrested article artists as asked astronomers at
        attackers attempts author authorities away back bad bank banks based basically be
        because become before being besides best better between beyond bidders big bigger
        bookmakers boss bosses both boy breaking broadcaster broadly builders business
        businesses but buyers buying by bystanders cabinet calls came campaign campaigners can
        captain captors car cars case cash certainly chairman changes charity chart chief child
        children city civilians claims clearly climbers clubs coach colleagues come comedian
        comes coming commanders commentators commenting commissioners commuters companies
        company competition concerns conditions consequently conservationists consumers
        contestants contrary convicts could council councillors country couple court creditors
        crews critics crowds currently customers cyclists dad damage dancers data daughter day
        days deaths defender defending delegates democracy demonstrators deputy described
        despite details detectives developers did diplomats director directors disabled
        distributors divers do doctors does doing don donors dozens drivers drug due during each
        earlier early earnings economists economy efforts egg eight either elsewhere emails
        emergency employees engineers entire equally especially essentially even eventually ever
        every everyone everything evidence ex exactly excluding executives experts explaining
        factories failure families fans far farmers father few fewer fifth figures film final
        finally finance find firefighters firms first fishermen five flights following footage
        footballers for forces foreign forensic former formerly fortunately founder four fourth
        friend friends from fuel full fully further gay generally get getting girl given
        goalkeeper goals going good government grandparents growing growth guards gunman gunmen
        had half has have having he head health heavy helicopters her here high higher hikers
        him his historian home homeowners homes hopefully hospital hospitals hostages hotel
        hours house how however huge human hundreds hunters husband i if images in incident
        including increased increasingly indeed industry inflation initially inside inspectors
        instead interest investigators investment investors is issues it its itself jailed
        journalists judge judges judicial jurors just keen keepers key kidnappers killer labour
        land landlords large last late later latest law lawmakers lawyer lawyers leader leaders
        leading least leaving left less lessons let life lightning like likewise little local
        locals long looking lots low luckily made mainly major make making man manager managers
        many market may maybe mayor me meanwhile media meeting members men midfielder might
        migrants militants military million millions minister ministers mobile money more
        moreover most mother motorists mountain much mum music musicians name named nearly
        neighbours neither never nevertheless new news next nine no nobody nominations none
        nonetheless nor normally not nothing now number numbers numerous nurses obviously of off
        offer officer officers official officials often oil old older on once one online only
        opinion opponents opposition or organisations organisers organizers original originally
        other others otherwise our out outside over overall overnight own owners pair paramedics
        parents part partner parts party passenger passengers past patients pensioners people
        perhaps personal phone photo photographer photographs photos pictured pictures pilots
        plaintiffs planes planning plans plaque players playing plus police politicians poll
        polls poor popular possible power premature presenter president prices prior prison
        prisoners private probably producer profits progress property prosecution prosecutors
        protection protesters protests pub public punters pupils quarterly quite racing radio
        rail rain rather read readers reading real really rebels recent recently record referee
        refugees regulators relatives remember rents report reportedly reporters reports rescue
        rescuers researcher researchers residents responding result results retail retailers
        returning riot riots rising rivals road robbers royal runners sadly safety sailors sales
        same sanctions say says schoolchildren schools scientists scores search second secondly
        security see senators senior sentencing separately seven several share shareholders
        shares she sheriff ship shoppers shops shortly shots should similar similarly simply
        since singer singers single sir six small smoke snow so social soldiers some someone
        something sometimes son soon source sources speaking specialists specifically spectators
        spending spokesman sports staff star start starting state still stop store striker
        strikes strong student students studies study such suddenly suppliers support supporters
        surely surgeons surgery surveys survivors suspect taken taking talks teachers teams
        technology teenager ten tenants tens terror tests than thanks that the their them then
        there therefore these they thieves things think third this those though thousands
        threats three through throughout thus ticket time to today together tomorrow tonight too
        top total tough tourism tourists tracks trade traders traditionally trains transport
        travel travellers trees tributes troops tropical truck trustees twelve two typically
        ultimately under unemployment unfortunately unidentified union unions university unless
        unlike until up upon urban urgent us users using usually vandals vehicles very veteran
        veterinary victim victims video viewers villagers villages violence visitors volunteers
        vote voters voting wages walkers was watch water we weather web well were what whatever
        when whenever where whereas whether which while white who why wife wildlife will winds
        winners winning with within without witness witnesses woman women work workers working
        world would wounded writer writing year years yes yesterday yet you young your youths
        """,
    )
)

# Words that tell nothing about what a sentence is about.
FUNCTION_WORDS: frozenset[str] = frozenset(
    re.findall(
        r"\S+",
        """
        a about after all also an and any are as at be because been before but by can could did do
        does during for from had has have he her his how i if in into is it its just may might more
        most no not of on one or other our out over s said she should so some such t than that the
        their them then there these they this those to up us was we were what when where which while
        who will with would you your
        """,
    )
)

# Names that stand for one another, one group between bars; "~" understands a plural in -s, "_" is a
# space. Capitals that stand for governments are left out: who acts is what a reader asks.
ALIASES = """
    US USA America United_States ~American | UK Britain United_Kingdom Great_Britain ~British
    ~Briton | UN United_Nations | EU European_Union | DPRK North_Korea | Afghanistan ~Afghan |
    Albania ~Albanian | Algeria ~Algerian | Argentina ~Argentine ~Argentinian | Australia
    ~Australian ~Aussie | Austria ~Austrian | Bangladesh ~Bangladeshi | Belarus ~Belarusian |
    Belgium ~Belgian | Bosnia ~Bosnian | Brazil ~Brazilian | Bulgaria ~Bulgarian | Burma Myanmar
    ~Burmese | Cambodia ~Cambodian | Canada ~Canadian | Chile ~Chilean | China ~Chinese |
    Colombia ~Colombian | Croatia ~Croatian ~Croat | Cuba ~Cuban | Cyprus ~Cypriot | Denmark
    ~Danish ~Dane | Egypt ~Egyptian | England ~English | Ethiopia ~Ethiopian | Europe ~European
    | Finland ~Finnish ~Finn | France ~French | Georgia ~Georgian | Germany ~German | Ghana
    ~Ghanaian | Greece ~Greek | Haiti ~Haitian | Holland Netherlands ~Dutch | Hungary ~Hungarian
    | Iceland ~Icelandic | India ~Indian | Indonesia ~Indonesian | Iran ~Iranian | Iraq ~Iraqi |
    Ireland ~Irish | Israel ~Israeli | Italy ~Italian | Jamaica ~Jamaican | Japan ~Japanese |
    Jordan ~Jordanian | Kenya ~Kenyan | Korea ~Korean | Kuwait ~Kuwaiti | Lebanon ~Lebanese |
    Libya ~Libyan | Malaysia ~Malaysian | Mexico ~Mexican | Morocco ~Moroccan | Nepal ~Nepali
    ~Nepalese | Nigeria ~Nigerian | Norway ~Norwegian | Pakistan ~Pakistani | Palestine
    ~Palestinian | Peru ~Peruvian | Philippines ~Philippine ~Filipino | Poland ~Polish ~Pole |
    Portugal ~Portuguese | Qatar ~Qatari | Romania ~Romanian | Russia ~Russian | Rwanda ~Rwandan
    | Saudi_Arabia ~Saudi | Scotland ~Scottish ~Scot | Serbia ~Serbian ~Serb | Somalia ~Somali |
    Spain ~Spanish ~Spaniard | Sudan ~Sudanese | Sweden ~Swedish ~Swede | Switzerland ~Swiss |
    Syria ~Syrian | Taiwan ~Taiwanese | Thailand ~Thai | Tunisia ~Tunisian | Turkey ~Turkish
    ~Turk | Ukraine ~Ukrainian | Venezuela ~Venezuelan | Vietnam ~Vietnamese | Wales ~Welsh |
    Yemen ~Yemeni | Zimbabwe ~Zimbabwean | Africa ~African | Asia ~Asian | Olympics Olympic |
    Islam Islamic | Parliament Parliamentary | January Jan | February Feb | March Mar | April
    Apr | August Aug | September Sept Sep | October Oct | November Nov | December Dec | Monday
    Mon | Tuesday Tue | Wednesday Wed | Thursday Thu | Friday Fri | Saturday Sat | Sunday Sun |
    Dr Doctor | ~Democrat Democratic | ~Republican | ~Conservative | ~Liberal | Tory Tories | MP
    MPs | PM Prime_Minister
"""
