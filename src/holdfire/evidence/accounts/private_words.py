"""The words and shapes of private life in four languages, as `private.fold` leaves a text: small letters, "ё" as "е"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from holdfire.evidence.accounts.private import Reason

#: Apostrophes are written in many ways; Belarusian and English words have them inside.
PLAIN: Final = dict.fromkeys("\u2019\u02bc\u2018`\u00b4", "'")
_LATIN: Final = "aceopxyikmthb"
_CYRILLIC: Final = "асеорхуікмтнв"
TO_LATIN: Final = str.maketrans(_CYRILLIC, _LATIN)
TO_CYRILLIC: Final = str.maketrans(_LATIN, _CYRILLIC)

LEAST_PHONE: Final = 7
MOST_PHONE: Final = 15
#: Digits with what people set between them.
DIGITS: Final = re.compile(r"\+?\(?\d(?:[\s().\-/_·•*]{0,3}\d){5,18}")
#: Days, times, and what follows the word for a number of a paper or unit; also sums of people or money with their unit.
NO_PHONE: Final = re.compile(
    r"\b\d{4}-\d{1,2}(?:-\d{1,2})?\b(?:[ t]+\d{1,2}[:.]\d{2}(?:[:.]\d{2})?)?"
    r"|\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b(?:\s*,?\s*\d{1,2}[:.]\d{2})?"
    r"|\b\d{1,2}[:.]\d{2}\s?-\s?\d{1,2}[:.]\d{2}\b|\b\d{1,2}:\d{2}(?::\d{2})?\b"
    r"|\b(?:19|20)\d{2}\s?-\s?(?:19|20)\d{2}\b"
    r"|\b(?:order|case|file|report|unit|protocol|decree|law|directive|приказ\w*|дел[оау]|в/ч|часть|частью|протокол\w*|рапорт\w*|указ\w*"
    r"|загад\w*|справ[аыу]|пратакол\w*|orden|caso|expediente|unidad|informe|decreto|ley)\s*(?:no\.?|№|n[.ºo°]*|nr\.?|#)?\s*\d[\d/-]{0,11}"
)  # fmt: skip

_POSSESSED: Final = r"(?:his|her|their|officer's|major's|colonel's|captain's|commander's|chief's|\w+'s)"
_ITS: Final = r"(?:его|ее|их|у него|у нее|у них|яго|яе|іх|ягон\w+|ейн\w+|у яго|у яе)"
_SU: Final = r"(?:su|sus)"
_NETWORK: Final = (
    r"(?:instagram|facebook|vkontakte|tiktok|twitter|linkedin|telegram|viber|whatsapp|odnoklassniki|youtube"
    r"|инстаграм\w*|фейсбук\w*|вконтакте|тикток\w*|твиттер\w*|телеграм\w*|вайбер\w*|ватсап\w*|одноклассник\w*"
    r"|інстаграм\w*|фэйсбук\w*|тыкток\w*|тэлеграм\w*|вацап\w*)"
)
_ACCOUNT: Final = (
    r"(?:accounts?|profiles?|page|handle|user\s?names?|аккаунт\w*|профил\w+|страниц\w+|страничк\w+|ник|профіл\w+|старонк\w+|акаўнт\w*"
    r"|cuentas?|perfil|perfiles|página|pagina)"
)


def _any(*patterns: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern) for pattern in patterns)


#: Each is searched in a folded text; the first that is found is named.
PATTERNS: Final[Mapping[Reason, tuple[re.Pattern[str], ...]]] = {
    "mail": _any(
        r"[\w.+-]+\s?(?:@|\(at\)|\[at\]|\(собака\)|\bсобака\b)\s?[\w-]+\s?(?:\.|\bdot\b|\bточка\b|\bкропка\b)\s?[a-zа-я]{2,}",
        r"\b[\w.]+\s(?:at|собака)\s[\w-]+\s(?:dot|точка)\s[a-zа-я]{2,}\b",
        r"[\w.+-]+\s?(?:@|\(at\)|\[at\]|\(собака\))\s?[\w-]+\s?\.\s?[a-zа-я]{2,}", r"(?<![\w.])@[\w.]{3,}"
    ),
    "account": _any(
        r"\b(?:t\.me|vk\.com|vk\.ru|ok\.ru|instagram\.com|facebook\.com|fb\.com|tiktok\.com|twitter\.com|linkedin\.com"
        r"|youtube\.com|youtu\.be|threads\.net|wa\.me|telegram\.me|discord\.gg|m\.me)\b",
        r"(?<![\w.])x\.com/\w",
        rf"\b(?:{_NETWORK}|vk|ig|tg|fb|вк|тг)\s?:?\s?[a-z]\w*[._\d]\w+|\b(?:vk|ig|tg|fb|insta|вк|тг|инста)\s?:\s?\w",
        r"\b(?:vk|вк|вконтакте)\W+id\W?\d+",
        rf"\b{_NETWORK}\W+(?:\w+\W+){{0,2}}{_ACCOUNT}\b",
        rf"\b{_ACCOUNT}\W+(?:\w+\W+){{0,2}}{_NETWORK}\b",
        rf"\b(?:{_POSSESSED}|{_ITS}|{_SU})\s+{_NETWORK}\b",
        r"\b(?:social media|social network)\s+(?:account|profile|page)s?\b|\bв соцсет\w+|\bу сацсет\w+|\ben (?:las )?redes sociales\b",
    ),
    "phone": _any(
        r"\+\s?\d(?:[\s().\-/_·•*]{0,3}\d){6,}",
        r"\b(?:phone|mobile|cell|tel|телефон\w*|тел|моб|мобильн\w+|тэлефон\w*|тэл|тэлефануйце|telefono|teléfono|movil|móvil|celular)\b"
        r"[^\d\n]{0,20}\d(?:[\s().\-/_·•*]{0,3}\d){4,}",
        r"\b(?:his|her|their|home|private|personal)\s+(?:phone|mobile|cell)\s+number\b",
        r"\b(?:номер\w*|нумар\w*)\s+(?:\w+\s+)?(?:телефон\w*|тэлефон\w*|мобильн\w+|мабільн\w+)",
        r"\bnúmero de (?:teléfono|móvil|celular)\b",
    ),
    "address": _any(
        r"\d{1,3}\s?°\s?\d{1,2}\s?['′]",
        r"\b(?:д|дом)\b\.?\s*\d{1,4}\s*,?\s*(?:к|корп|корпус)\b\.?\s*\d|\b(?:подъезд|пад'езд)\s*\d+\s*,?\s*(?:этаж|паверх)\b",
        r"(?<![\d.,])-?\d{1,3}[.,]\d{4,}°?\s?[nsсю]?[\s,;/]+-?\d{1,3}[.,]\d{4,}(?!\d)",
        r"(?<!\w)c/\s?(?:[\w'-]+\s+){0,4}?[\w'-]*[^\W\d][\w'-]*\s*,?\s*\d{1,4}\b",
        r"\b(?:ул|улиц[аеыу]|пр-т|просп|проспект\w*|пер|переул\w+|бульвар\w*|б-р|наб|набережн\w+|шоссе|вул|вуліц[аыеу]|праспек\w+"
        r"|завул\w+|пл|площад[ьи]|плошч\w*)\b\.?\s+(?:[\w'-]+\.?\s+){0,3}?[\w'-]+\s*,?\s*(?:д|дом|буд|будынак)?\.?\s*\d{1,4}\b(?!\s*(?:год|мая|августа|час|[./:-]\d|человек|минут))",
        r"\b[а-яіўё'-]+(?:ая|ой|ского|скага)\s+(?:улиц[аеы]|вуліц[аыеу])\s*,?\s*(?:д|дом|буд)?\.?\s*\d{1,4}\b",
        r"\b\d{1,5}\s+(?:(?!of\b|the\b|in\b|at\b|and\b)[\w'-]+\s+){1,3}(?:street|st|avenue|ave|road|rd|lane|ln|boulevard|blvd|drive|court|terrace)\b",
        r"\b(?:street|avenue|road|lane|boulevard)\s+(?:no\.?\s*)?\d{1,4}\b(?!\s*[:/-]\d)",
        r"\b(?:calle|avenida|avda|av|plaza|paseo|carrer|camino)\b\.?\s+(?:[\w'-]+\s+){0,4}?[\w'-]+\s*,?\s*(?:n[.ºo°]*|núm\.?|#)?\s*\d{1,4}\b(?!\s*[:/-]\d)",
        r"\b(?:house|building)\s+(?:no\.?\s*)?\d{1,4}\s*,\s*(?:flat|apartment)\b",
    ),
    "home": _any(
        r"\b(?:flat|apartment|apt|кв|квартир[аеыу]|кватэр[аеыу]|piso|apartamento|depto)\.?\s*(?:no\.?|№|n[.ºo°]*)?\s*\d{1,4}[a-zа-я]?\b(?!\s*[:/])",
        r"\bдач[аеу]\s+(?:в|на|под|около|у|ў|пад|каля)\b",
        rf"\b{_POSSESSED}\s+(?:own\s+|private\s+)?(?:home|house|flat|apartment|dacha|cottage|address|residence|neighbou?rs?)\b",
        r"\b(?:home|private|residential)\s+address\b|\bhome town\b|\bhometown\b",
        r"(?<!their )(?<!our )(?<!many )(?<!two )(?<!of )\b(?:lives|resides|residing)\s+(?:in|at|near|with|next|by|on|opposite|across|behind|alone)\b",
        r"\b(?:he|she|they|who)\s+(?:still\s+|now\s+)?(?:live|lived|resided)\s+(?:in|at|near|with|next|opposite|across|behind)\b",
        r"\b(?:проживает|проживал[аи]?|проживают|живет|живут (?:в|на|по|у|рядом)|прописан[аы]?|зарегистрирован[аы]? по адресу)\b",
        r"\b(?:домашн\w+|хатн\w+) (?:адр[еа]с\w*)|\bадрес\w* проживания|\bместо жительства|\bмесц\w+ жыхарства",
        rf"\b{_ITS}\s+(?:дом|дома|квартир[аеыу]|дач[аеу]|адрес|дача|хат[аеуы]|кватэр[аеуы]|сусед\w*|сосед\w*)\b",
        r"\b(?:жыве|пражывае|пражываюць|прапісан[аы]?)\b",
        rf"\b{_SU}\s+(?:casa|domicilio|vivienda|piso|apartamento|dirección|vecin[oa]s?)\b",
        r"\b(?:domicilio particular|dirección (?:particular|de su)|reside|residen|domiciliad[oa])\b|\bvive\s+(?:en|cerca|con|al|frente|solo|sola)\b",
    ),
    "family": _any(
        r"\b(?:he|she)\s+has\s+(?:\w+\s+)?(?:kids?|child|children)\b",
        rf"\b{_ITS}\s+(?:девушк\w+|парень|парня|дзяўчын\w+|хлопец|хлопца)\b",
        r"\b(?:зят[ья]|зятем|шурин\w*|золовк\w+|девер\w+|сноха|швагер\w*|цесць|цешч\w+|зяць|нявестк\w+)\b",
        r"\b(?:wife|husband|spouse|fiancee?|fiancée?|girlfriend|boyfriend|ex-wife|ex-husband|widow|in-laws?|mother-in-law|relatives?|kinship"
        r"|married|divorced|siblings?|grandchild(?:ren)?|grandmother|grandfather|nephews?|nieces?)\b",
        r"\b(?:sons?|daughters?|mother|father|mum|mom|dad|parents|brothers?|sisters?|uncles?|aunts?|cousins?)\b(?! (?:in arms|superior|units?))",
        rf"\b{_POSSESSED}\s+(?:\w+\s+)?(?:child|children|kids?|family|baby)\b(?! name)",
        r"\bfamily\b(?! names?\b)",
        r"\b(?:жен[аыеу]|женой|жену|муж|мужа|мужу|мужем|супруг\w*|невест[аыеу]|жених\w*|теща|тещ[аеиу]|свекров\w+|тест[ья])\b",
        r"\b(?:сын|сына|сыну|сыном|сыновья\w*|дочь|дочер\w+|дочк\w+|мать|матери|матерью|мама|мамы|маму|отец|отца|отцу|отцом|родител\w+|брат|брата"
        r"|брату|братом|братья\w*|сестр[аыеу]|сестрой|сестер|бабушк\w+|дедушк\w+|племянни\w+|родственник\w*|родня|родней)\b",
        rf"\b(?:семья|семьи|семье|семьей|семью|семейн\w+)\b|\b{_ITS}\s+(?:\w+\s+)?(?:дет[ии]\w*|детей|ребен\w+|дзец\w*|дзяц\w+)\b",
        r"\b(?:женат|замужем|разведен[а]?|жанат[ыа]?|замужам)\b",
        r"\b(?:жонк[аіуе]\w*|сужэнец|сужонк\w+|дачк[аіуе]\w*|сынам|сыны|маці|маці\w+|бацьк\w+|бацьк[аіуо]\w*|сястр[аыу]\w*|брата|сваяк\w*|сваяц\w+"
        r"|сям'[яеію]\w*|сям'ёй|сямейн\w+|унук\w*|внук\w*)\b",
        r"\b(?:esposa|esposo|marido|novi[oa]|suegr[oa]s?|cuñad[oa]s?|hij[oa]s?|herman[oa]s?|madre|padre|padres|abuel[oa]s?|sobrin[oa]s?|prim[oa]s?"
        r"|familia|familiares?|parientes?|casado con|casada con)\b",
        rf"\b{_SU}\s+(?:mujer|esposas|niñ[oa]s?|pareja|bebé)\b",
    ),
    "plate": _any(
        r"\b[abceikmhoptxавсеікмнортх]{2}\s\d{4}\s[abceikmhoptxавсеікмнортх]{2}\b",
        r"\b\d{4}\s?[abeikmhopctxавекмнорстухі]{2}\s?-\s?[0-8]\b",
        r"\b[авекмнорстухabekmhopctyx]\s?\d{3}\s?[авекмнорстухabekmhopctyx]{2}\s?\d{2,3}\b",
        r"\b(?:licen[cs]e|number|registration)\s+plates?\b|\bplate\s+(?:no\.?|number)?\s*[a-z0-9]",
        r"\b(?:гос\.?\s?номер\w*|госномер\w*|номерн\w+ знак\w*|номер\w* (?:машины|автомобиля|авто)|нумарн\w+ знак\w*|нумар\w* (?:машыны|аўтамабіля|аўто))\b",
        r"\b(?:matr[íi]cula|placas?|patente)\s*(?:de|del|:|n[.ºo°]*)?\s*(?:su\s+)?(?:coche|carro|auto|vehículo|[a-z]{0,3}[\s-]?\d{3,4})",
        r"\b[0-9]?[abeikmhopctxавекмнорстухі]{2}\s?\d{4}\s?-\s?[0-8]\b",
        r"\b\d{4}[\s-]?[bcdfghjklmnprstvwxyz]{3}\b(?<!kgb)(?<!mvd)",
    ),
    "car": _any(
        rf"\b{_POSSESSED}\s+(?:own\s+|private\s+|personal\s+|\w+\s+)?(?:car|motorbike|motorcycle)\b",
        r"\b(?:private|personal)\s+(?:car|vehicle)\b|\b(?:he|she)\s+drives\s+(?:a|an)\b",
        rf"\b(?:{_ITS}|личн\w+|собственн\w+|асабіст\w+|уласн\w+)\s+(?:\w+\s+)?(?:машин\w+|автомобил\w+|авто|машын\w+|аўтамабіл\w+|аўто)\b",
        r"\bездит на\b|\bездзіць на\b",
        rf"\b{_SU}\s+(?:coche|carro|auto|automóvil|moto|vehículo (?:particular|propio))\b|\b(?:coche|vehículo|carro) (?:particular|privado|propio)\b",
    ),
    "school": _any(
        rf"\b{_POSSESSED}\s+(?:\w+'s\s+)?(?:school|kindergarten|nursery|university|college)\b",
        r"\b(?:studies|studied|enrolled)\s+at\b|\bgoes to school\b|\battends? (?:the )?(?:school|kindergarten|nursery|university|college)\b",
        r"\b(?:учится|учился|учатся|училась)\s+(?:в|на)\b|\b(?:ходит|водит|возит)\s+(?:\w+\s+)?в (?:школ|детск|садик|сад\b)",
        rf"\b{_ITS}\s+(?:школ\w+|школа|садик\w*|садок|университет\w*)\b",
        r"\b(?:вучыцца|вучыўся|вучылася)\s+(?:у|ў|на)\b|\b(?:ходзіць|водзіць)\s+(?:\w+\s+)?[уў] (?:школ|дзіцяч|садок)",
        rf"\b(?:estudia|estudió)\s+en\b|\bva (?:al|a la) (?:colegio|escuela|guardería|instituto)\b|\b{_SU}\s+(?:colegio|escuela|universidad|guardería)\b",
    ),
    "faith": _any(
        r"\b(?:is|was|being)\s+(?:an?\s+)?(?:devout\s+|practising\s+)?(?:catholic|orthodox|protestant|muslim|jew|jewish|christian|baptist|atheist|buddhist"
        r"|hindu|jehovah's witness|believer)\b",
        rf"\b{_POSSESSED}\s+(?:religion|faith|church|parish|mosque|synagogue|priest|confessor)\b|\b(?:parishioner|devout|prays)\b",
        r"\b(?:вероисповедани\w+|верующ\w+|прихожан\w+|православн(?:ый|ая)|католи(?:к|чка)|мусульман(?:ин|ка)|иуде(?:й|йка)|еврей\w*|баптист\w*)\b",
        rf"\b{_ITS}\s+(?:вер[аеыу]|религи\w+|церков\w*|приход\w*|рэлігі\w+|царкв\w+|парафі\w+)\b",
        r"\b(?:веравызнанн\w+|вернік\w*|вернік|парафіян\w+|праваслаўн(?:ы|ая)|каталі(?:к|чка)|мусульман(?:ін|ка)|яўрэй\w*|баптыст\w*)\b",
        rf"\b(?:es|era)\s+(?:un\s+|una\s+)?(?:católic[oa]|evangélic[oa]|musulm[aá]n\w?|judí[oa]|protestante|ate[oa]|creyente|ortodox[oa])\b"
        rf"|\b{_SU}\s+(?:religión|fe|iglesia|parroquia|mezquita)\b|\bfeligr[eé]s\w*\b",
    ),
    "health": _any(
        r"\b(?:diabet\w+|hiv|aids|cancer|epilep\w+|alcoholi[cs]\w*|drug addict\w*|addicted|depression|psychiatr\w+|diagnos\w+|pregnan\w+|disabled|disability)\b",
        rf"\b{_POSSESSED}\s+(?:\w+\s+)?(?:illness|disease|health|medication|therapy|medical (?:record|file)s?)\b|\bis (?:mentally )?ill\b|\bsuffers from\b",
        r"\b(?:диабет\w*|вич|спид|онкологи\w+|эпилепси\w+|алкоголи[кзч]\w*|наркоман\w*|депресси\w+|психиатр\w*|диагноз\w*|беременн\w+|инвалид\w*"
        r"|болеет|болен|больна|болезн\w+)\b",
        r"\b(?:дыябет\w*|віч|рак лёгк\w+|эпілепсі\w+|алкаголі[кз]\w*|наркаман\w*|дэпрэсі\w+|псіхіятр\w*|дыягназ\w*|цяжарн\w+|інвалід\w*|хварэе|хворы|хворая|хвароб\w+)\b",
        rf"\b(?:diab[eé]t\w+|vih|sida|cáncer|epilep\w+|alcoh[oó]lic[oa]|alcoholismo|drogadict[oa]|depresión|psiqui[aá]tr\w+|diagnóstico|embarazada"
        rf"|discapacitad[oa]|enferm[oa]|enfermedad)\b|\b{_SU}\s+salud\b",
    ),
    "face": _any(
        r"\b(?:photos?|photographs?|pictures?|images?|portraits?|scans?|screenshots?|video)\s+(?:of|showing|with)\s+(?:his|her|their|the|the officer's|an?|\w+'s)?"
        r"\s*(?:\w+\s+)?(?:faces?|portrait)\b",
        r"\b(?:face|facial)\s+(?:recognition|search|match\w*|picture|photo\w*|scan)\b|\bselfies?\b|\b(?:passport|profile|wedding)\s+(?:photo|picture)s?\b",
        r"\b(?:фото\w*|фотк\w+|снимо?к\w*|портрет\w*|здымак\w*|здымк\w*|відарыс\w*)\s+(?:\w+\s+)?(?:лица|лицо|лиц|твару|твар|твараў)\b",
        r"\b(?:распознавани\w+|поиск\w*|распазнаванн\w+|пошук\w*)\s+(?:по\s+|па\s+)?(?:лиц\w*|твар\w*)\b|\bселфи\b|\bсэлфі\b",
        r"\b(?:fotos?|fotografías?|imagen|imágenes|retrato|vídeo|video)\s+(?:de|con)\s+(?:su|la|el)\s+(?:cara|rostro)\b|\breconocimiento facial\b",
    ),
    "papers": _any(
        r"\bd\.?\s?o\.?\s?b\b|\b\d{4}\s*г\.?\s?р\b",
        r"\b(?:date|place|year) of birth\b|\b(?:was\s+)?born\s+(?:on|in|at)\b|\bpassport\s+(?:no\.?|number|№)?\s*[a-z]{0,3}\d|\b(?:passport|identity card|id card) number\b"
        r"|\b(?:birthday|birth date)\b|\bbank (?:account|card)\b",
        r"\b(?:дат[аыеу] рождения|место рождения|год рождения|родился|родилась|день рождения|паспорт\w*|личный номер|снилс|инн|банковск\w+ (?:карт\w+|счет\w*))\b",
        r"\b(?:дат[аыу] нараджэння|месца нараджэння|год нараджэння|нарадзіў?ся|нарадзілася|дзень нараджэння|пашпарт\w*|асабісты нумар|банкаўск\w+ карт\w+)\b",
        r"\bfecha de nacimiento\b|\blugar de nacimiento\b|\bnaci(?:[oó]|d[oa]) (?:el|en)\b|\bcumpleaños\b|\bpasaporte\b|\bdni\b|\bcuenta bancaria\b",
    ),
    "private": _any(
        r"\b(?:love affair|having an affair|mistress|homosexual|gay|lesbian|sexual orientation|sex life|private life|hobb(?:y|ies)|his gym|her gym)\b",
        r"\b(?:любовни\w+|гомосексуал\w*|гей|лесбиян\w+|личная жизнь|личной жизни|хобби|изменяет)\b",
        r"\b(?:палюбоўні\w+|палюбоўнік\w*|каханк\w+|гомасексуал\w*|лесбіян\w+|асабіста\w+ жыцц\w+|хобі)\b",
        r"\b(?:amante|homosexual|lesbiana|vida privada|vida personal|orientación sexual)\b",
    ),
}  # fmt: skip

#: What people write for a unit or post when there is none, or of whoever holds none.
NO_OFFICE: Final = re.compile(
    r"^\W*(?:none|no|nothing|unknown|n/a|нет|неизвестно|няма|невядома|ninguno|ninguna|no tiene|desconocido)\W*$"
    r"|\b(?:private (?:person|citizen)|civilian|student|journalist|blogger|activist|protester|neighbou?r|pensioner|businessman|shopkeeper"
    r"|частное лицо|гражданск\w+ лиц\w+|студент\w*|журналист\w*|блогер\w*|активист\w*|протестующ\w+|сосед\w*|пенсионер\w*|предпринимател\w+"
    r"|прыватная асоба|цывільн\w+|студэнт\w*|журналіст\w*|блогер\w*|актывіст\w*|пратэстоў\w+|сусед\w*|пенсіянер\w*|прадпрымальнік\w*"
    r"|particular|ciudadan[oa]|estudiante|periodista|bloguer[oa]?|activista|manifestante|vecin[oa]|jubilad[oa]|empresari[oa])\b"
)
