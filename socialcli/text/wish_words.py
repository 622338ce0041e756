"""The phrases by which customers say how they want to be reached, in the languages that triage reads.

As ``tokenize`` gives them: lower case, without accents, "e-mail" as two words. ``(a|b)`` stands for either.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

_MAIL = "(email|e mail|mail)"
_DIRECT_EN = (
    "dm me", "pm me", "dm you", "pm you", "send me a dm", "send me a direct message", "send you a dm",
    "send you a direct message", "message me privately", "message you privately", "talk in private",
    "talk privately", "by dm", "via dm", "by direct message", "via direct message", "my dms are open",
)  # fmt: skip
_DIRECT_DE = (
    "(schreibt|schreiben sie|schreib) mir (privat|eine dm|eine pn|eine direktnachricht|eine privatnachricht)",
    "(schickt|schicken sie|schick) mir eine (dm|pn|direktnachricht|privatnachricht)",
    "kann ich (ihnen|euch|dir) eine (dm|pn|direktnachricht|privatnachricht) (schreiben|schicken|senden)",
    "(per|via) (dm|pn|direktnachricht|privatnachricht)", "privat schreiben",
)  # fmt: skip
_DIRECT_ES = (
    "(escribanme|escribeme|escribidme|contactenme) (por|en) privado", "por (dm|md|mensaje directo|mensaje privado)",
    "(envienme|enviame|mandenme|mandame|enviarme|mandarme) un (dm|md|mensaje directo|mensaje privado)",
    "puedo (enviarles|enviaros|mandarles|mandaros|escribirles) un (dm|md|mensaje directo|mensaje privado)",
    "puedo escribirles por privado",
)  # fmt: skip
_DIRECT_FR = (
    "(en|par) (dm|mp|message prive|message direct)",
    "(envoyez|envoie|ecrivez) moi un (dm|mp|message prive|message direct)",
    "(m'envoyer|vous envoyer|m'ecrire|vous ecrire) un (dm|mp|message prive|message direct)",
)  # fmt: skip
_DIRECT_IT = (
    "(via|tramite|con) (dm|messaggio privato|messaggio diretto)", "(scrivetemi|scrivermi|scrivervi) in privato",
    "(mandatemi|inviatemi|scrivetemi|mandarvi|inviarvi|scrivervi) un (dm|messaggio privato|messaggio diretto)",
)  # fmt: skip
_DIRECT_PT = (
    "por (dm|mensagem direta|mensagem privada)", "(falar|escrevam me|me escrevam) no privado",
    "(enviem me|me enviem|mandem me|me mandem|posso enviar|posso mandar) uma (dm|mensagem direta|mensagem privada)",
)  # fmt: skip
_CHAT = (
    "have a live chat", "have a livechat", "on live chat", "via live chat", "use live chat",
    "chat with someone", "chat with an agent", "chat with a person", "chat live",
    "(im|per|ueber) (live chat|livechat) (sprechen|schreiben|klaren)", "mit (einem mitarbeiter|jemandem) chatten",
    "chatear con (alguien|un agente|una persona)", "por (chat en vivo|chat en directo)",
    "(chatter|tchatter) avec (quelqu'un|un conseiller|un agent)", "par (chat|tchat)",
    "chattare con (qualcuno|un operatore|una persona)", "via chat", "(conversar|falar) (por|pelo) chat",
)  # fmt: skip
_MAIL_EN = (
    "email me", "e mail me", "mail me", "send me an email", "send me an e mail", "reply by email",
    "reply by e mail", "answer by email", "contact me by email", "contact me via email",
    "reach me by email", "write to me by email", "can i email", "could i email", "may i email",
    "prefer email", "prefer e mail", "rather email", "what is your email", "what's your email",
)  # fmt: skip
_MAIL_DE = (
    f"(schreibt|schreiben sie|schreib|schickt|schicken sie|schick) mir eine {_MAIL}",
    f"(antwortet|antworten sie|schreibt|schreiben sie|meldet euch|melden sie sich) (mir )?per {_MAIL}",
    f"per {_MAIL} (antworten|schreiben|schicken)", f"(lieber|am liebsten) per {_MAIL}",
    f"kann ich (ihnen|euch) eine {_MAIL} (schreiben|schicken|senden)",
    f"(wie ist|wie lautet) (ihre|eure) ({_MAIL} adresse|mailadresse|{_MAIL})",
)  # fmt: skip
_MAIL_ES = (
    f"(envienme|enviame|mandenme|mandame|escribanme|escribeme|escribidme|enviarme|mandarme|escribirme) (un|por) (correo|{_MAIL})",
    f"(respondanme|contestenme|respondan|contesten|responderme|contestarme) por (correo|{_MAIL})",
    f"(prefiero el|prefiero por|mejor por) (correo|{_MAIL})",
    f"puedo (enviarles|enviaros|mandarles|mandaros|escribirles) un (correo|{_MAIL})",
    f"cual es (su|vuestro) (correo|{_MAIL})",
)  # fmt: skip
_MAIL_FR = (
    f"(ecrivez|ecris|envoyez|envoie) moi un (courriel|{_MAIL})", f"(m'envoyer|m'ecrire) un (courriel|{_MAIL})",
    f"(repondez moi|repondez|me repondre|ecrivez moi|m'ecrire) par (courriel|{_MAIL})",
    f"(je prefere par|je prefere un|plutot par) (courriel|{_MAIL})",
    f"(puis je vous|je peux vous) (envoyer|ecrire) un (courriel|{_MAIL})", f"quelle est votre adresse {_MAIL}",
)  # fmt: skip
_MAIL_IT = (
    f"(mandatemi|inviatemi|scrivetemi|mandarmi|inviarmi|scrivermi) (una|un|via) {_MAIL}",
    f"(rispondetemi|rispondermi|rispondete) (via|per) {_MAIL}", f"(preferisco|meglio) (via|per) {_MAIL}",
    f"posso (mandarvi|inviarvi|scrivervi) (una|un) {_MAIL}", f"qual e la vostra {_MAIL}",
)  # fmt: skip
_MAIL_PT = (
    f"(enviem me|me enviem|mandem me|me mandem|escrevam me|me escrevam|enviar me|me enviar) um {_MAIL}",
    f"(respondam|responder|responda) por {_MAIL}", f"(prefiro por|prefiro o) {_MAIL}",
    f"posso (enviar|mandar|escrever) um {_MAIL}", f"qual e o (vosso|seu) {_MAIL}",
)  # fmt: skip
_CALL_EN = (
    "call me", "ring me", "phone me", "give me a call", "give me a ring", "can i call", "could i call",
    "number i can call", "speak on the phone", "talk on the phone", "prefer a call", "prefer the phone",
    "what is your phone number", "what's your phone number",
)  # fmt: skip
_CALL_DE = (
    "(ruft|rufen sie|ruf) mich (an|zuruck)", "(konnen|konnten|wurden) sie mich (anrufen|zuruckrufen)",
    "(konnt|konntet|wurdet) ihr mich (anrufen|zuruckrufen)", "um (einen |ihren |euren )?ruckruf",
    "kann ich (sie|euch) anrufen", "(lieber|am liebsten) (telefonisch|per telefon)",
    "(wie ist|wie lautet) (ihre|eure) (telefonnummer|nummer)",
)  # fmt: skip
_CALL_ES = (
    "llamenme", "llameme", "llamame", "llamadme", "(pueden|puede|podrian|podria|podeis) llamarme",
    "me (pueden|puede|podrian|podria|podeis) llamar", "puedo llamar", "puedo (llamarles|llamarlos|llamaros)",
    "(prefiero el|prefiero por|mejor por) telefono", "prefiero una llamada",
    "cual es (su|vuestro) (telefono|numero de telefono)",
)  # fmt: skip
_CALL_FR = (
    "appelez moi", "appelle moi", "rappelez moi", "(pouvez|pourriez) vous (m'appeler|me rappeler)",
    "(puis je|je peux) vous appeler", "(je prefere par|plutot par|je prefere le) telephone",
    "quel est votre numero",
)  # fmt: skip
_CALL_IT = (
    "chiamatemi", "chiamami", "richiamatemi", "(potete|potreste|puo|potrebbe) (chiamarmi|richiamarmi)",
    "mi (potete|potreste|puo) (chiamare|richiamare)", "posso chiamarvi", "(preferisco|meglio) (il|per) telefono",
    "qual e il vostro numero",
)  # fmt: skip
_CALL_PT = (
    "(liguem|ligue) me", "me (liguem|ligue|liga)", "(podem|pode|poderiam) (me ligar|ligar me)", "posso ligar",
    "prefiro (o|por) telefone", "prefiro uma (ligacao|chamada)", "qual e o (vosso|seu) (numero|telefone)",
)  # fmt: skip
_CHANNELS = {
    "direct": (*_DIRECT_EN, *_DIRECT_DE, *_DIRECT_ES, *_DIRECT_FR, *_DIRECT_IT, *_DIRECT_PT),
    "livechat": _CHAT,
    "email": (*_MAIL_EN, *_MAIL_DE, *_MAIL_ES, *_MAIL_FR, *_MAIL_IT, *_MAIL_PT),
    "phone": (*_CALL_EN, *_CALL_DE, *_CALL_ES, *_CALL_FR, *_CALL_IT, *_CALL_PT),
}
# "please", as it stands in the middle of a phrase.
FILLERS = frozenset({"please", "pls", "plz", "bitte", "doch", "mal", "gerne"})
# What turns a phrase round from before it: "don't call me", "you said somebody was going to call me".
NOT_BEFORE = frozenset({
    "not", "don't", "dont", "never", "nobody", "no", "stop", "won't", "wont", "didn't", "didnt", "doesn't",
    "doesnt", "cannot", "can't", "cant", "said", "told", "promised", "supposed", "they", "keep", "keeps", "going",
    "refuse", "refuses", "instead", "they'd", "waiting", "waited", "meant",
    "nicht", "nie", "niemand", "kein", "keine", "keinen", "wollten", "wollte", "sollten", "sollte", "versprochen",
    "schon", "bereits", "habe", "hab", "warte", "vergeblich",
    "nunca", "jamas", "nadie", "iban", "iba", "dijeron", "prometieron", "quedaron", "escribi", "mande", "ni",
    "jamais", "personne", "pas", "devait", "devaient", "deja", "j'ai", "promis", "dit",
    "non", "nessuno", "dovevate", "doveva", "dovevano", "gia", "ho", "promesso",
    "nao", "ninguem", "iam", "ia", "prometeram", "ficaram",
})  # fmt: skip
# From behind it: "call me old-fashioned", "rufen Sie mich an, aber nie" is left to people.
NOT_BEHIND = frozenset({
    "crazy", "old", "stupid", "cynical", "naive", "names", "paranoid", "picky", "surprised", "impressed", "biased",
    "dramatic", "maybe", "whatever", "again", "a", "an", "loco", "loca", "ingenuo",
    "ingenua", "pas", "pazzo", "pazza", "nao", "verruckt",
})  # fmt: skip
_CHOICE = re.compile(r"\(([^()]*)\)(\?)?")


@cache
def phrases() -> tuple[tuple[str, str], ...]:
    """Each phrase with its channel."""
    return tuple(
        (" ".join(phrase.split()), channel)
        for channel, patterns in _CHANNELS.items()
        for pattern in patterns
        for phrase in _spelled(pattern)
    )


def _spelled(pattern: str) -> Iterator[str]:
    """What a pattern stands for, its innermost choice first; ``(a )?`` may be left out."""
    choice = _CHOICE.search(pattern)
    if choice is None:
        yield pattern
        return
    parts = [*choice[1].split("|"), *([""] if choice[2] else [])]
    for part in parts:
        yield from _spelled(f"{pattern[: choice.start()]}{part}{pattern[choice.end() :]}")
