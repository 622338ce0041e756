"""How customers say by which channel they want to be reached."""

from __future__ import annotations

import pytest

from socialcli.text.wishes import wish_in


@pytest.mark.parametrize(
    ("text", "channel"),
    [
        ("@NorthlineAir can you DM me please?", "direct"),
        ("Could I send you a direct message about this?", "direct"),
        ("I don't want this in public. DM me!", "direct"),
        ("please e-mail me the receipt", "email"),
        ("What’s your email?", "email"),
        ("This is urgent, CALL ME", "phone"),
        ("no. call me", "phone"),
        ("Is there a way to chat with an agent?", "livechat"),
        ("Email me. Or better: call me.", "phone"),
        ("can ya call me?", "phone"),
        ("Können Sie mich bitte zurückrufen?", "phone"),
        ("Rufen Sie mich bitte an!", "phone"),
        ("Ich bitte um einen Rückruf", "phone"),
        ("Schreiben Sie mir doch bitte eine E-Mail", "email"),
        ("Kann ich euch eine DM schicken?", "direct"),
        ("Das würde ich lieber per Mail klären", "email"),
        ("¿Pueden llamarme, por favor?", "phone"),
        ("Llámenme por favor al móvil", "phone"),
        ("Prefiero por correo", "email"),
        ("¿Puedo enviarles un mensaje privado?", "direct"),
        ("¿Puedo chatear con un agente?", "livechat"),
        ("Pourriez-vous me rappeler, s'il vous plaît ?", "phone"),
        ("Appelez-moi svp", "phone"),
        ("Répondez-moi par e-mail", "email"),
        ("Puis-je vous envoyer un message privé ?", "direct"),
        ("Potete chiamarmi?", "phone"),
        ("Mandatemi una mail", "email"),
        ("Podem me ligar, por favor?", "phone"),
        ("Enviem-me um e-mail", "email"),
        ("Posso mandar uma mensagem privada?", "direct"),
    ],
)
def test_a_wish_is_heard(text: str, channel: str) -> None:
    found = wish_in(text)
    assert found is not None
    assert found[0] == channel


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Where is my bag?",
        "Please don't call me at work",
        "Nobody bothered to call me",
        "You said somebody was going to call me yesterday",
        "Call me old-fashioned, but a bag should arrive",
        "Your staff call me a liar",
        "I have been waiting for you to call me since Monday",
        "If you call me again I go to the ombudsman",
        "Call me surprised!",
        "They said they'd call me",
        "The live chat is broken",
        "they never email me back",
        "Niemand konnte mir sagen, ob Sie mich anrufen",
        "Ich habe schon per DM geschrieben",
        "Ihre Kollegen wollten mich anrufen",
        "Nadie puede llamarme y nunca me pueden llamar",
        "Llámame loco, pero la maleta no llegó",
        "Vous deviez m'appeler hier",
        "Ya les escribí por mensaje privado",
        "J'ai déjà écrit en message privé",
        "Ho già scritto via messaggio privato",
        "Ninguém pode me ligar",
        "Le chat en direct ne marche pas",
    ],
)
def test_what_only_sounds_like_one_is_not(text: str) -> None:
    assert wish_in(text) is None


def test_a_long_text_is_read_in_no_time() -> None:
    assert wish_in("call me old " * 100_000) is None
