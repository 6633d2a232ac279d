"""CAP005: the room that pools must have, before create, once created and while copying."""

from collections.abc import Iterable

from flmparse.collection import Collection
from flmparse.findings import Result, Status
from tests.editing import status, whitepaper

TARGETS = {"0328": 8631, "0329": 8631, "032A": 8631, "032B": 8631}
SOURCES = {"0720": 3750, "075F": 3750, "07B6": 3750, "07E9": 938}
BOUND = "    Bound Pool Name          : {}\n"
ROOM = {"FLM_FC": 260000}


def show(sid: str, config: str, devices: dict[str, int], pool: str = "", unbound: Iterable[str] = ()) -> str:
    """Return `symdev list -v` of some devices."""
    text = f"C:\\> symdev -sid {sid[-3:]} list -v -range {min(devices)}:{max(devices)}\n\nSymmetrix ID: {sid}\n\n"
    for device, size in devices.items():
        bound = BOUND.format("N/A" if device in unbound else pool) if pool else ""
        text += (
            "    Device Physical Name     : Not Visible\n"
            f"    Device Symmetrix Name    : {device}\n"
            "    Product Revision         : 5876\n"
            f"{bound}"
            "    Device Capacity\n"
            "        {\n"
            f"        MegaBytes            : {size:>10}\n"
            "        }\n"
            f"    Device Configuration     : {config}\n"
            "    Device Status            : Ready           (RW)\n\n"
        )
    return f"{text}C:\\>\n"


def pools(free: dict[str, int], state: str = "E") -> str:
    """Return `symcfg list -pool` with so many free tracks in each pool."""
    rows = "".join(
        f"{name:12} TFFD{state}I RAID-5(3+1)  {tracks + 1000:>10} {tracks:>10}       1000    0    0\n"
        for name, tracks in free.items()
    )
    total = sum(free.values())
    used = 1000 * len(free)
    return (
        "C:\\> symcfg -sid 275 list -pool -thin\n\nSymmetrix ID: 000194900275\n\n"
        "                       S Y M M E T R I X   P O O L S\n"
        "---------------------------------------------------------------------------\n"
        "Pool         Flags  Dev              Usable       Free       Used Full Comp\n"
        "Name         PTECSL Config           Tracks     Tracks     Tracks  (%)  (%)\n"
        "------------ ------ ------------ ---------- ---------- ---------- ---- ----\n"
        f"{rows}\n"
        "Total                            ---------- ---------- ---------- ---- ----\n"
        f"Tracks                           {total + used:>10} {total:>10} {used:>10}    0    0\n\nC:\\>\n"
    )


def cap005(
    gate: str, listing: str = "", *, folder: str = "1-created", pool: str = "FLM_FC", **options: object
) -> Result:
    """Return CAP005 on the white paper with the targets shown as bound and the pools listed at a gate."""
    unbound = options.pop("unbound", ())
    captures = {"0-prepare/targets.txt": show("000194900275", "TDEV", TARGETS, pool, unbound)}  # type: ignore[arg-type]
    if listing:
        captures[f"{folder}/pools.txt"] = listing
    return status(whitepaper(add=captures, **options), "CAP005", gate)  # type: ignore[arg-type]


def test_a_pool_with_room_for_every_session_passes_and_notes_full_allocation() -> None:
    result = cap005("created", pools({"FLM_FC": 195000}))
    assert result.status is Status.PASS
    assert "12187.5 MB free for 12187.5 MB of 4 targets" in result.message
    assert "4 thin targets of pool FLM_FC are copied without zero detection" in result.note


def test_a_pool_one_track_too_small_fails_with_the_lines_of_both_sides() -> None:
    result = cap005("created", pools({"FLM_FC": 194999}))
    assert result.status is Status.FAIL
    assert [finding.subject for finding in result.findings] == ["pool FLM_FC"]
    assert "12187.4 MB free for 12187.5 MB" in result.message
    cited = "\n".join(evidence.text for evidence in result.findings[0].evidence)
    assert "194999" in cited and "60000" in cited and "Bound Pool Name" in cited


def test_zero_detection_leaves_a_pool_that_is_too_small_undecided() -> None:
    query = {"1-created/se-host.txt": lambda text: text.replace("...XXM.", "...XXMX")}
    result = cap005("created", pools({"FLM_FC": 1000}), edits=query)
    assert result.status is Status.INCONCLUSIVE
    assert "zero detection" in result.message


def test_targets_of_two_pools_are_added_up_apart() -> None:
    first, second = {"0328": 8631, "0329": 8631}, {"032A": 8631, "032B": 8631}
    collection = whitepaper(
        add={
            "0-prepare/first.txt": show("000194900275", "TDEV", first, "FLM_FC"),
            "0-prepare/second.txt": show("000194900275", "TDEV", second, "FLM_SATA"),
            "1-created/pools.txt": pools({"FLM_FC": 119999, "FLM_SATA": 75000}),
        }
    )
    result = status(collection, "CAP005", "created")
    assert result.status is Status.FAIL
    assert [f.subject for f in result.findings if f.status is Status.FAIL] == ["pool FLM_FC"]


def test_a_target_bound_to_no_pool_fails() -> None:
    result = cap005("created", pools(ROOM), unbound=("032A",))
    assert result.status is Status.FAIL
    assert "032A <- 07B6: thin target 032A is bound to no pool" in result.message


def test_a_disabled_pool_fails() -> None:
    result = cap005("created", pools(ROOM, state="D"))
    assert result.status is Status.FAIL
    assert "is disabled, with 4 targets" in result.message


def test_a_pool_that_is_not_listed_or_no_listing_at_all_is_inconclusive() -> None:
    other = cap005("created", pools({"FLM_SATA": 260000}))
    assert other.status is Status.INCONCLUSIVE and "is not among the thin pools listed" in other.message
    none = cap005("created")
    assert none.status is Status.INCONCLUSIVE and none.missing == ("symcfg -sid <target> list -pool -thin",)
    unnamed = cap005("created", pools(ROOM), pool="")
    assert unnamed.status is Status.INCONCLUSIVE and "the pool of thin target 0328 is not captured" in unnamed.message


def test_before_create_the_sizes_of_the_sources_are_compared() -> None:
    def before_create(tracks: int, sizes: dict[str, int]) -> Collection:
        return whitepaper(
            add={
                "0-prepare/targets.txt": show("000194900275", "TDEV", TARGETS, "FLM_FC"),
                "0-prepare/sources.txt": show("000187490076", "2-Way Mir", sizes),
                "0-prepare/pools.txt": pools({"FLM_FC": tracks}),
            }
        )

    assert status(before_create(195008, SOURCES), "CAP005", "prepare").status is Status.PASS
    small = status(before_create(195007, SOURCES), "CAP005", "prepare")
    assert small.status is Status.FAIL and "12188.0 MB" in small.message
    part = {device: size for device, size in SOURCES.items() if device != "075F"}
    unknown = status(before_create(260000, part), "CAP005", "prepare")
    assert unknown.status is Status.INCONCLUSIVE
    assert "0329 <- 075F: the size of its source is not captured" in unknown.message


def test_thick_targets_need_no_pool() -> None:
    thick = {"1-created/se-host.txt": lambda text: text.replace("TDEV         ", "2-Way Mir    ")}
    collection = whitepaper(thick, add={"0-prepare/targets.txt": show("000194900275", "2-Way Mir", TARGETS)})
    result = status(collection, "CAP005", "created")
    assert result.status is Status.NOT_APPLICABLE
    assert "no target is thin" in result.message


def test_while_copying_a_listing_from_before_activate_proves_nothing() -> None:
    result = cap005("copying", pools(ROOM))
    assert result.status is Status.INCONCLUSIVE
    assert "before activate" in result.message


def test_while_copying_the_rest_must_fit() -> None:
    assert cap005("copying", pools(ROOM), folder="4-copying").status is Status.PASS
    short = cap005("copying", pools({"FLM_FC": 136939}), folder="4-copying")
    assert short.status is Status.FAIL and "for 8558.8 MB" in short.message
    # Enough for the last query (136940 tracks), not for the whole session (195000): when was the pool listed?
    between = cap005("copying", pools({"FLM_FC": 136940}), folder="4-copying")
    assert between.status is Status.INCONCLUSIVE and "more was left when the pool was listed" in between.message


def test_a_pool_listed_behind_the_last_query_of_the_same_log_is_compared_with_it() -> None:
    log = {"4-copying/se-host.txt": lambda text: text + "\n" + pools({"FLM_FC": 136940})}
    assert cap005("copying", edits=log).status is Status.PASS


def test_a_damaged_listing_is_never_a_pass() -> None:
    damaged = pools(ROOM).replace("Total      ", "T#tal      ")
    assert cap005("created", damaged).status is Status.INCONCLUSIVE
    assert cap005("created", pools(ROOM).split("Total")[0]).status is Status.INCONCLUSIVE
