"""The policy as frozen records. What each key means, and its default, stands in the shipped
``policies.toml``, which always holds every key; a user's file need hold only what differs.

Durations are ``Seconds``: written as "45s", "15m", "2h", "3d", "1h30m" in TOML.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from msgspec import Struct

from socialcli.model.assessment import Kind, Priority, Register
from socialcli.model.mass import Mode
from socialcli.model.protection import Rung
from socialcli.model.ticket import Status

Level = Literal["error", "warning", "info", "off"]
ApprovalClass = Literal["statement", "money", "admission", "legal", "new-agent", "program"]
Role = Literal["draft", "agent", "lead"]


class Seconds(int):
    """A duration in whole seconds."""


class Brand(Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    languages: tuple[str, ...]  # ISO 639-1, the first is the main one
    region: str  # ISO 3166-1 alpha-2: how phone numbers without a country code are read
    time_zone: str  # IANA name
    currency: str  # ISO 4217: of what an agent may offer
    contacts: tuple[str, ...]  # the brand's own numbers and addresses: never a disclosure
    livechat: str  # the address of the LiveChat, "" if there is none
    help: str  # the address of the help pages, "" if there are none


class Account(Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    network: str  # "file", "x", ...
    handle: str  # without @
    role: Literal["service", "brand", "agent"] = "service"
    base_url: str | None = None  # a proxy or a test server; plain http only to loopback
    timeout: Seconds = Seconds(30)  # how long the network may keep silent
    enterprise: bool = False  # X: whether the plan lets us answer people who did not name us
    feeds: tuple[str, ...] = ()  # network "feed": addresses of RSS or Atom feeds
    inbox: str = "inbox.jsonl"  # file network; relative to the workspace
    outbox: str = "outbox.jsonl"
    limits: str = "x"  # file network: whose text limits it keeps
    learn: bool = False  # X: whether `learn --queue` may read what came through it
    bio: str = ""  # what its profile says; `hours check` looks for the hours in it


class Search(Struct, frozen=True, forbid_unknown_fields=True):  # K11
    name: str
    query: str  # in the network's own language of queries
    account: str = ""  # that asks; "" = the first that can search
    own_industry: bool = False  # about the trade, not about us: lowest priority
    on: bool | None = None  # None: on, but for searches about the trade

    @property
    def is_on(self) -> bool:
        return not self.own_industry if self.on is None else self.on


class Fetch(Struct, frozen=True, forbid_unknown_fields=True):
    overlap: Seconds  # how far before the newest known message every fetch begins
    gap: Seconds  # a pause between two fetches longer than this is told
    max_cost: str  # what one fetch may cost, decimal; "" = no limit
    searches: tuple[Search, ...]


class Agent(Struct, frozen=True, forbid_unknown_fields=True):
    id: str
    name: str
    initials: str
    role: Role = "agent"
    new: bool = False  # approval.when "new-agent" is about them
    offers: str = ""  # what one reply of theirs may offer unasked, decimal, in brand.currency; "" = nothing
    skills: tuple[str, ...] = ()  # labels of tickets that ask for them
    topics: tuple[str, ...] = ()  # names of [[topics]] that they know best
    languages: tuple[str, ...] = ()  # that they answer in; () = any
    away: tuple[str, ...] = ()  # days: "2026-12-24", "2026-12-24..2027-01-02", "2026-12-24.."
    account: str = ""  # their own, of role "agent"; "" = none


class Hours(Struct, frozen=True, forbid_unknown_fields=True):
    coverage: Literal["hours", "24x7"]
    # "" = closed; else "09:00-18:00", or "22:00-02:00" over midnight, or several with a comma
    mon: str
    tue: str
    wed: str
    thu: str
    fri: str
    sat: str
    sun: str
    closed: tuple[str, ...]  # dates, "2026-12-25"
    holidays: str  # whose public holidays are closed too: "GB", "GB-ENG"; "" = nobody's
    open: tuple[str, ...]  # dates that are open although they are holidays


class Tiers(Struct, frozen=True, forbid_unknown_fields=True):
    """Deadlines of one kind of channel; None: as everywhere."""

    urgent: Seconds | None = None
    high: Seconds | None = None
    normal: Seconds | None = None
    low: Seconds | None = None


class Deadlines(Struct, frozen=True, forbid_unknown_fields=True):
    urgent: Seconds
    high: Seconds
    normal: Seconds
    low: Seconds
    always: tuple[Priority, ...]  # priorities whose clock runs outside hours too
    warn: Seconds  # "about to breach" from here on
    # By how a message came: comment, search and feed before direct and public.
    direct: Tiers = Tiers()
    public: Tiers = Tiers()
    comment: Tiers = Tiers()
    search: Tiers = Tiers()
    feed: Tiers = Tiers()


class Topic(Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    words: tuple[str, ...]
    route: Literal["service", "brand"] = "service"


class Triage(Struct, frozen=True, forbid_unknown_fields=True):
    weights: dict[str, float]  # rule -> points
    words: dict[str, tuple[str, ...]]  # word list -> words added to the shipped ones
    not_words: dict[str, tuple[str, ...]]  # word list -> shipped words that do not count
    urgent: int  # scores from here on
    high: int
    normal: int
    waiting: float  # points an hour of waiting adds to the order of the queue
    disengage_after: int  # K3
    references: tuple[str, ...]  # patterns of the brand's order or booking references


class Tone(Struct, frozen=True, forbid_unknown_fields=True):
    register: Register  # when nothing in the text says otherwise


class Reply(Struct, frozen=True, forbid_unknown_fields=True):
    sign_off: str  # "^{initials}", "*{initials}", "- {first_name}"
    soft_length: int  # in the unit of the network
    recent: int  # how many of our last texts a new one is compared with
    may_allow: tuple[str, ...]  # error rules that --allow RULE --reason R may let pass
    draft_command: tuple[str, ...]  # a program that drafts, and its arguments; () = none
    translate_command: tuple[str, ...]  # one that translates
    command_timeout: Seconds  # how long either may take
    draft_masked: bool  # whether it is shown no private data
    hold_outside_hours: bool = False  # what is not urgent is posted when we open
    dictionary: str = ""  # a file of words, relative to the workspace; "": none


class Links(Struct, frozen=True, forbid_unknown_fields=True):
    hosts: tuple[str, ...]  # sub-domains count
    max: int  # K12
    shorteners: tuple[str, ...]  # shorteners of our own that are allowed


class Offline(Struct, frozen=True, forbid_unknown_fields=True):  # K6
    after_turns: int
    private_data: bool
    offer: tuple[Literal["direct", "livechat", "email", "phone"], ...]
    email: str
    phone: str


class Handoff(Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody, or something, to whom a conversation can be handed on."""

    name: str
    way: Literal["smtp", "command", "file"]
    to: str = ""  # smtp: addresses, parted by commas
    command: tuple[str, ...] = ()  # a program and its arguments, no shell
    folder: str = ""  # file: relative to the workspace
    format: Literal["md", "json", "eml"] | None = None  # None: "eml" by smtp, else "md"
    timeout: Seconds = Seconds(30)  # command: how long it may take


class Mail(Struct, frozen=True, forbid_unknown_fields=True, rename={"from_": "from"}):
    """The server by which mail goes out. Its password stands in no file of the workspace."""

    host: str = ""  # "": none
    port: int = 587
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: str = ""  # "": no login
    from_: str = ""  # our address: replies come there
    timeout: Seconds = Seconds(60)  # how long the whole conversation with the server may take


class Expert(Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody who knows more, and is asked by mail, as a [[handoffs]] says, or by word of mouth."""

    id: str
    name: str
    topics: tuple[str, ...] = ()
    handoff: str = ""  # name of a [[handoffs]]
    way: Literal["smtp", "hand"] = "smtp"  # where no handoff is named
    to: str = ""  # smtp: an address
    due: Seconds = Seconds(4 * 3600)  # by when an answer is wanted


class Incident(Struct, frozen=True, forbid_unknown_fields=True):  # K1, K8
    mode: Mode
    watch: bool
    sensitivity: Literal["low", "normal", "high"]
    min_authors: int
    window: Seconds
    hourly_cap: int
    next_update: Seconds
    mass_for: Seconds  # how long mass mode stays on, and the longest


class Block(Struct, frozen=True, forbid_unknown_fields=True):  # K4
    ladder: tuple[Rung, ...]
    expiry: Seconds
    guidelines: dict[str, str]  # id -> text; hiding needs one


class Approval(Struct, frozen=True, forbid_unknown_fields=True):  # K2, K9
    when: tuple[ApprovalClass, ...]
    ttl: Seconds
    fallback: str  # template of the reply when approval comes too late, "" for none
    authors: tuple[str, ...] = ()  # agents all of whose drafts need a yes
    words: tuple[str, ...] = ()  # phrases that need a yes
    kinds: tuple[Kind, ...] = ()  # of the message that is answered
    priorities: tuple[Priority, ...] = ()  # of the ticket
    by: tuple[Literal["agent", "lead"], ...] = ("agent", "lead")  # roles that may say yes


class Rights(Struct, frozen=True, forbid_unknown_fields=True):
    """Right -> roles that have it."""

    post: tuple[Literal["agent", "lead"], ...] = ("agent", "lead")
    speak: tuple[Role, ...] = ("draft", "agent", "lead")
    block: tuple[Literal["agent", "lead"], ...] = ("agent", "lead")
    incidents: tuple[Role, ...] = ("draft", "agent", "lead")


class Ack(Struct, frozen=True, forbid_unknown_fields=True):  # K5, K7
    auto: bool
    template: str  # "" for none
    public: bool = False  # also to who wrote in public
    emergency: str = ""  # what is named to whoever cannot wait; "": urgent ones are left to people


class Personal(Struct, frozen=True, forbid_unknown_fields=True):  # K10, [as]
    personal: Literal["never", "tier1", "always"]


class Retention(Struct, frozen=True, forbid_unknown_fields=True):  # K13
    archive_after: Seconds


class Resolve(Struct, frozen=True, forbid_unknown_fields=True):  # K14
    thank_in_public: bool
    ask_how_it_is_after: Seconds


class Promise(Struct, frozen=True, forbid_unknown_fields=True):  # K15
    holding_stops_first_reply: bool
    after_holding: Seconds


class Report(Struct, frozen=True, forbid_unknown_fields=True):
    technical: tuple[str, ...]  # topics
    account: tuple[str, ...]


class SavedFilter(Struct, frozen=True, forbid_unknown_fields=True):  # the options of list
    match: str | None = None
    status: Status | None = None
    priority: Priority | None = None
    account: str | None = None
    assignee: str | None = None
    kind: Kind | None = None
    incident: str | None = None
    label: str | None = None
    overdue: bool = False
    breaching: bool = False
    snoozed: bool = False
    held: bool = False
    sort: Literal["urgency", "due", "received"] | None = None
    limit: int | None = None


class Claim(Struct, frozen=True, forbid_unknown_fields=True):
    lease: Seconds


class Relief(Struct, frozen=True, forbid_unknown_fields=True):
    """For who met much abuse."""

    after: int  # 0: never
    within: Seconds
    fold: bool


class Duty(Struct, frozen=True, forbid_unknown_fields=True, rename={"from_": "from"}):
    """When an agent is on duty, week after week."""

    agent: str
    days: str  # "mon-fri", "sat, sun", "fri-mon"
    hours: str  # "09:00-17:00", "22:00-06:00" over midnight, or several with a comma
    zone: str = ""  # IANA name; "" = that of the brand
    from_: str = ""  # the first date; "" = always so
    until: str = ""  # the last date; "" = for ever


class Shift(Struct, frozen=True, forbid_unknown_fields=True):  # K7
    greeting: str  # template of the day's first post, "" for none
    closing: str  # template of its last post, "" for none
    needs_yes: bool  # as statements do
    tips: str  # topic of the tips in the knowledge base, "" for none
    roster: tuple[Duty, ...]


class Outbox(Struct, frozen=True, forbid_unknown_fields=True):
    settle_after: Seconds  # an empty look-up proves nothing before
    per_run: int  # posts that one `outbox --settle` sends
    per_hour: int  # posts of one account in an hour
    max_cost: str  # what one post may cost, decimal; "" = no limit
    undo: Seconds = Seconds(0)  # how long a reply can be taken back before it is posted


class Policy(Struct, frozen=True, forbid_unknown_fields=True, rename={"as_": "as"}):
    brand: Brand
    accounts: tuple[Account, ...]
    agents: tuple[Agent, ...]
    fetch: Fetch
    prices: dict[str, str]  # "network/act" -> what one costs, decimal, in US dollars
    hours: Hours
    deadlines: Deadlines
    topics: tuple[Topic, ...]
    triage: Triage
    tone: Tone
    reply: Reply
    links: Links
    checks: dict[str, Level]  # rule -> level, where it differs from the rule's own
    offline: Offline
    handoffs: tuple[Handoff, ...]
    mail: Mail
    experts: tuple[Expert, ...]
    incident: Incident
    block: Block
    relief: Relief
    approval: Approval
    rights: Rights
    ack: Ack
    as_: Personal
    retention: Retention
    resolve: Resolve
    promise: Promise
    claim: Claim
    shift: Shift
    outbox: Outbox
    filters: dict[str, SavedFilter]
    report: Report
    digest: str = ""  # of what decides assessments; set by the loader, not a key
    dictionary: frozenset[str] = frozenset()  # the words of reply.dictionary, small; set by App, not a key
    vouched: Callable[[], frozenset[str]] = (
        frozenset  # reads the links of the knowledge base; set by App, not a key
    )

    @property
    def our_handles(self) -> frozenset[str]:
        """Handles of our own accounts, case-folded, without @."""
        return frozenset(account.handle.casefold() for account in self.accounts)
