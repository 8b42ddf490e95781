"""A burst of 100,000: how long until all are handed over, what each costs, and does the queue's length cost memory?

`python -m bench.burst` measures three things, each against the least that could do it, with a lean server that answers
each text after 20 ms, and others that take each mail, and each text over SMPP, at once (`bench.bare`).

1. The time from the first hand-over to the last of 100,000 texts, against the bare loop of `bench.delivery` (at most
   1.25 times as long), and how long it took to plan them before.
2. The processor's time that a worker spends on each message of a channel, against the channel's bare client, which
   sends the same words to the same server and does nothing else: no database, no attempts, no receipts.
3. The most memory that a worker holds while a million wait, against ten thousand.
"""

import argparse

from bench import bare
from bench.bare import CONCURRENCY
from bench.delivery import fill, one_run, refill, server
from bench.scratch import scratch_database, set_up

_SENT_BESIDE_A_QUEUE = 5_000


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--messages", type=int, default=100_000, help="in the burst")
    parser.add_argument(
        "--mails", type=int, default=10_000, help="and texts over SMPP, whose cost is measured"
    )
    parser.add_argument("--waiting", type=int, default=1_000_000, help="in the longest queue")
    parser.add_argument("--quick", action="store_true", help="a twentieth of everything")
    arguments = parser.parse_args()
    share = 20 if arguments.quick else 1
    set_up()
    text_cost = burst(arguments.messages // share)
    print_costs(arguments.messages // share, arguments.mails // share, text_cost)
    print_memory(_SENT_BESIDE_A_QUEUE * 2, arguments.waiting // share)


def burst(messages: int) -> float:
    """Print how long the burst took; return the CPU's seconds for each text of our worker."""
    with scratch_database("bench_burst") as database, server() as url:
        planned = fill(messages)
        runs = {}
        for part in ("bare", "ours"):
            refill()
            runs[part] = one_run(part, 1, database, url, messages)
    seconds = {part: messages / run["rate"] for part, run in runs.items()}
    print(
        f"{messages:,} texts, one worker, {CONCURRENCY} at once; put into words and planned in {planned:.0f} s.\n"
    )
    print("| | until all are handed over |")
    print("|---|---|")
    print(f"| bare loop | {seconds['bare']:.1f} s |")
    print(f"| Watchword | {seconds['ours']:.1f} s, {seconds['ours'] / seconds['bare']:.2f} x |\n")
    return runs["ours"]["cpu"]


def print_costs(messages: int, fewer: int, text_cost: float) -> None:
    """`text_cost`: the CPU's seconds for each text of our worker over HTTP, measured before."""
    with server() as url:
        costs = {"text, HTTP (aiohttp)": (bare.cost_of_client("http", url, messages), text_cost)}
    for name, scheme, channel in (
        ("text, SMPP (smpp34)", "smpp", "text"),
        ("mail, SMTP (smtplib)", "smtp", "email"),
    ):
        with bare.server(scheme) as url, scratch_database("bench_burst") as database:
            fill(fewer, channel)
            refill()
            ours = one_run("ours", 1, database, url, fewer, channel=channel)["cpu"]
            costs[name] = (bare.cost_of_client(scheme, url, fewer), ours)
    print("| CPU for each message | bare client | a worker |")
    print("|---|---|---|")
    for name, (least, ours) in costs.items():
        print(f"| {name} | {least * 1e6:,.0f} µs | {ours * 1e6:,.0f} µs, {ours / least:.1f} x |")
    print()


def print_memory(few: int, many: int) -> None:
    print(f"| texts that wait, of which {_SENT_BESIDE_A_QUEUE:,} are sent | most memory of the worker |")
    print("|---|---|")
    for waiting in (few, many):
        with scratch_database("bench_burst") as database, server() as url:
            fill(waiting)
            refill()
            run = one_run("ours", 1, database, url, waiting, limit=_SENT_BESIDE_A_QUEUE)
        print(f"| {waiting:,} | {run['peak']:.0f} MB |")


if __name__ == "__main__":
    main()
