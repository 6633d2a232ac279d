"""The pictures: their numbers are those of the frames, their text is inert, and many pairs make them no larger."""

import re
from collections import Counter
from functools import cache

import pytest
from lxml import etree

from flmparse.assessment import Assessment, GateAssessment, assess
from flmparse.collection import Collection, from_bundle
from flmparse.evidence.migration import Migration
from flmparse.facts import copy_history
from flmparse.procedure import Gate
from flmparse.render import svg
from flmparse.render.pictures import Picture, all_drawn, pictures
from flmparse.simulation import Shape, simulate
from flmparse.text.capture import Bundle, from_bytes
from tests.editing import bundle_of, clean, whitepaper

LARGEST_BYTES = 60_000
HOSTILE = '"><script>alert(1)</script> & \x1b[31mred\x1b[0m \u202egnp.exe \ufffe'
SVG = "{http://www.w3.org/2000/svg}"


def asked(collection: Collection, last: Gate = Gate.CLEANED) -> Assessment:
    """Ask for gates without asking a rule: a picture shows what was captured."""
    gates = tuple(GateAssessment(gate, "paper", ()) for gate in Gate if gate <= last)
    return Assessment(collection, "paper", gates)


def simulated(shape: Shape, *faults: str, gate: Gate = Gate.COPYING) -> Collection:
    texts = dict(simulate(shape, faults, gate).captures())
    manifest = texts.pop("migration.toml").encode()
    return from_bundle(Bundle("", tuple(from_bytes(name, text.encode()) for name, text in texts.items()), manifest, ()))


@cache
def large() -> tuple[Picture, ...]:
    return pictures(asked(simulated(Shape(pairs=1500, nodes=2, seed=3))))


@cache
def many_nodes() -> tuple[Picture, ...]:
    return pictures(asked(simulated(Shape(pairs=3, nodes=12, hbas=4, ports=10, seed=5, fabrics=1), "F061")))


def drawn(collection: Collection, id: str, last: Gate = Gate.CLEANED) -> Picture:
    return next(picture for picture in pictures(asked(collection, last)) if picture.id == id)


def words(picture: Picture) -> list[str]:
    """Return the text of a picture, line by line, without its title and description."""
    return [element.text or "" for element in etree.fromstring(picture.svg.encode()).iter(f"{SVG}text")]


def edges(picture: Picture) -> list[tuple[str, str]]:
    """Return what the rows of a picture of paths say, with the port in whose box each stands, from top to bottom."""
    root = etree.fromstring(picture.svg.encode())
    texts = [(float(text.get("x")), float(text.get("y")), text.text) for text in root.iter(f"{SVG}text")]
    boxes = [
        (float(box.get("y")), float(box.get("height"))) for box in root.iter(f"{SVG}rect") if box.get("x") == "214"
    ]
    rows = []
    for top, height in boxes:
        inside = sorted(text for text in texts if 214 < text[0] < 400 and top < text[1] < top + height)
        port = next(text for x, _, text in inside if x == 222)
        rows += [(y, port, text) for x, y, text in inside if x == 292]
    return [(port, text) for _, port, text in sorted(rows)]


def counted(collection: Collection, gate: str, node: str | None) -> Counter[tuple[str, str]]:
    """Count path rows of a gate by port and adapter, straight from the frame."""
    paths = collection.frames["paths"]
    mine = paths[(paths["gate"] == gate) & ((paths["node"] == node) if node else paths["node"].isna())]
    return Counter(zip(mine["port"].astype(str), mine["hba"].astype(str), strict=True))


@pytest.mark.parametrize(
    ("collection", "node", "last"),
    [(whitepaper, None, Gate.READY), (clean, "EXCH01", Gate.READY), (clean, "EXCH02", Gate.READY)],
)
def test_the_picture_of_paths_counts_what_the_frame_holds(collection: object, node: str | None, last: Gate) -> None:
    read = collection()  # type: ignore[operator]
    rows = edges(drawn(read, "picture-paths-1", last))
    expected = counted(read, "ready", node)
    assert rows and len(rows) == len(expected)
    assert {(port, text) for port, text in rows} == {
        (port, f"HBA {hba}: {many} alive") for (port, hba), many in expected.items()
    }


def test_the_white_paper_has_one_adapter_and_two_ports_of_each_array() -> None:
    assert edges(drawn(whitepaper(), "picture-paths-1")) == [
        *[(port, "HBA 5: 4 alive") for port in ("07E:2", "08E:2", "14C:0", "14C:1")] * 2,
        ("07E:2", "HBA 5: 4 alive"),
        ("08E:2", "HBA 5: 4 alive"),
    ]  # fmt: skip


def test_nodes_that_see_the_same_share_a_picture_and_are_all_named() -> None:
    found = [picture for picture in pictures(asked(clean())) if picture.id.startswith("picture-paths")]
    assert [picture.title for picture in found] == ["Paths of EXCH01, EXCH02"]
    assert found[0].description.startswith("These 2 nodes see the same: EXCH01, EXCH02. The numbers are of each node.")
    assert "Before activation (gate ready), 3-ready/EXCH01.txt: target: 20 alive on 07E:2, 08E:3, of 5 of 5 pairs" in (
        found[0].description
    )
    assert found[0].description.endswith("source: no path.")


@pytest.mark.parametrize(
    ("fault", "told", "dead_marks"), [("F061", "7 alive, 1 dead", 2), ("F204", "7 alive, 1 unlicensed", 0)]
)
def test_dead_and_unlicensed_paths_are_told_in_words_and_in_shape(fault: str, told: str, dead_marks: int) -> None:
    first = drawn(simulated(Shape(pairs=8, nodes=2, seed=7), fault, gate=Gate.READY), "picture-paths-1")
    assert [text for _, text in edges(first) if not text.endswith("8 alive")] == [f"HBA 3: {told}"]
    crosses = [
        part for part in etree.fromstring(first.svg.encode()).iter(f"{SVG}path") if part.get("class") == "picture-cross"
    ]
    # Each cross is two strokes; the legend has one too.
    assert len(crosses) == (2 * dead_marks if dead_marks else 0)
    assert ("some are dead" in words(first)) == bool(dead_marks)


def test_a_path_whose_adapters_are_all_dead_is_drawn_as_dead() -> None:
    def kill(text: str) -> str:
        return re.sub(r"(FA 7eC\s+active\s+)alive", r"\1dead", text)

    picture = drawn(whitepaper({"3-ready/figure-10.txt": kill}), "picture-paths-1", Gate.READY)
    assert ("07E:2", "HBA 5: 0 alive, 4 dead") in edges(picture)
    assert "all are dead" in words(picture)
    assert picture.svg.count('class="picture-dead"') == 2  # the line and its legend


def test_a_display_that_was_not_read_whole_is_told() -> None:
    def damaged(text: str) -> str:
        return text.replace("FA 7eC   active alive    0    1", "FA 7eC   active al!ve    0    1", 1)

    collection = whitepaper({"8-cleaned/figures-19-20.txt": damaged})
    picture = drawn(collection, "picture-paths-1")
    assert ("07E:2", "HBA 5: 3 alive") in edges(picture)
    assert "8-cleaned/figures-19-20.txt (not read whole)" in words(picture)
    assert "figures-19-20.txt, not read whole: target: 7 alive" in picture.description


def test_a_gate_that_was_not_asked_about_is_not_drawn() -> None:
    assert "gate copying" not in drawn(clean(), "picture-paths-1", Gate.READY).svg
    assert "gate copying" in drawn(clean(), "picture-paths-1", Gate.COPIED).svg
    assert not [p for p in pictures(asked(clean(), Gate.PREPARE)) if p.id.startswith(("picture-paths", "picture-bal"))]


def test_progress_says_the_tracks_of_the_last_query_and_no_rate_without_times() -> None:
    picture = drawn(whitepaper(), "picture-progress")
    assert words(picture)[-27:] == [
        "Last of 3 queries: 0 of 4 pairs copied, 136,940 tracks left.",
        "The times of the queries are not known: there is no rate and no end.",
        "pair", "left", "copied", "rate", "end",
        "0328 <- 0720", "45,580 tracks", "24 %", "", "CopyInProg; rate not known",
        "0329 <- 075F", "45,399 tracks", "24 %", "", "CopyInProg; rate not known",
        "032A <- 07B6", "45,411 tracks", "24 %", "", "CopyInProg; rate not known",
        "032B <- 07E9", "550 tracks", "96 %", "", "CopyInProg; rate not known",
    ]  # fmt: skip
    assert "MB/s" not in picture.description


def test_progress_tells_rate_and_end_from_the_last_two_queries() -> None:
    """Up to the gate copying the clean migration has queries at 12:05 and 13:05."""
    picture = drawn(clean(), "picture-progress", Gate.COPYING)
    told = words(picture)
    copied = {
        "0512": 56805 - 28402,
        "0513": 56783 - 28390,
        "0514": 34600 - 12400,
        "0515": 12077,
        "0516": 268700 - 170112,
    }
    whole_mb = sum(copied.values()) * 64 / 1024
    assert "2012-05-14 13:05 UTC, last of 4 queries: 1 of 5 pairs copied, 239,304 tracks left." in told
    assert f"Rate since the query before (60 minutes): at least {whole_mb / 3600:,.1f} MB/s." in told
    # 0516 is the slowest: 170,112 tracks at 98,588 an hour are 103.5 minutes.
    assert "At this rate the last pair is copied after 1 h 44 min, 2012-05-14 14:49 UTC." in told
    row = told.index("0516 <- 0C33")
    rate = copied["0516"] * 64 / 1024 / 3600
    assert told[row : row + 5] == ["0516 <- 0C33", "170,112 tracks", "37 %", f"{rate:,.1f} MB/s", "1 h 44 min left"]
    assert "activate 12:00" in told


def test_progress_of_a_pair_that_does_not_come_down_has_no_end() -> None:
    def stuck(text: str) -> str:
        return text.replace("28402", "56805").replace("28390", "57000")

    told = words(drawn(clean({"4-copying/se-host.txt": stuck}), "picture-progress", Gate.COPYING))
    assert "2 pairs did not come down: the end is not known." in told
    assert not [text for text in told if "At this rate" in text]
    assert told[told.index("0512 <- 0A41") + 3 : told.index("0512 <- 0A41") + 5] == [
        "0 MB/s",
        "no progress, end not known",
    ]
    assert told[told.index("0513 <- 0A5C") + 3] == "grew"


def test_history_is_the_session_in_question_in_numbers() -> None:
    seen = copy_history.history(Migration(clean()), Gate.CLEANED)
    assert seen is not None
    assert seen.pairs == ("0512 <- 0A41", "0513 <- 0A5C", "0514 <- 0B07", "0515 <- 0B1E", "0516 <- 0C33")
    assert seen.left[:, -2].tolist() == [28402, 28390, 12400, 0, 170112]
    assert seen.percent[4].tolist() == pytest.approx([0, 0, 100 * 3445 / 272145, 100 * 102033 / 272145, 100])
    assert [pace.copied for pace in seen.paces] == [True] * 5


def test_without_a_second_query_there_is_no_picture_of_progress() -> None:
    assert copy_history.history(Migration(clean()), Gate.CREATED) is None
    assert copy_history.history(Migration(clean()), Gate.READY) is None  # two queries, and nothing copies yet
    assert "picture-progress" not in {picture.id for picture in pictures(asked(clean(), Gate.READY))}


def test_the_timeline_has_every_output_and_step_of_each_gate() -> None:
    collection = clean()
    picture = drawn(collection, "picture-timeline")
    for gate in Gate:
        reads = [read for read in collection.outputs if read.gate is gate and read.screen]
        captures = len({read.capture.name for read in reads})
        assert f"{gate.word}: {len(reads)} outputs in {captures} capture" in picture.description
    assert "By time, 2012-05-14 07:50 to 2012-05-14 19:58 UTC." in words(picture)
    assert "symmask remove x 8, symmask refresh" in words(picture)


def test_the_timeline_without_times_is_in_the_order_of_the_gates() -> None:
    picture = drawn(whitepaper(), "picture-timeline")
    assert "In the order of the gates: no output has a known time." in words(picture)
    circles = [float(c.get("cx")) for c in etree.fromstring(picture.svg.encode()).iter(f"{SVG}circle")][:-1]
    assert circles == sorted(circles) and len(circles) == 11


def test_the_timeline_bears_the_verdicts_of_the_gates_that_were_asked() -> None:
    picture = next(p for p in pictures(assess(clean(), Gate.CREATED)) if p.id == "picture-timeline")
    assert "G1 created (GO): 6 outputs" in picture.description and "G2 masked: " in picture.description


def test_the_balance_counts_the_paths_of_all_nodes() -> None:
    collection = clean()
    picture = drawn(collection, "picture-balance")
    paths = collection.frames["paths"]
    mine = paths[paths["gate"] == "copying"]
    for port, many in mine.groupby("port", observed=True).size().items():
        assert f"{port}, {'target' if str(port)[-1] in '23' else 'source'}: {many} alive" in picture.description
    assert "EXCH02, HBA 4, source: 10 alive" in picture.description
    assert picture.title == "Balance of paths at gate copying"


def test_too_many_bars_become_fewest_median_and_most() -> None:
    balance = next(picture for picture in many_nodes() if picture.id == "picture-balance")
    bars = [text for text in words(balance) if text.startswith(("fewest", "median", "most"))]
    assert len(bars) == 12  # ports and adapters, target and source
    assert "Paths of each adapter, target: 48 with between 30 and 30 paths, median 30." in balance.description


def test_many_adapters_are_added_up_and_a_node_with_a_dead_path_comes_first() -> None:
    first, second = (picture for picture in many_nodes() if picture.id.startswith("picture-paths"))
    assert any(text == "4 HBAs: 11 alive, 1 dead" for _, text in edges(first))
    assert second.title.endswith("and 7 more nodes")
    assert {text for _, text in edges(second)} == {"4 HBAs: 12 alive"}
    assert "4 adapters are added up for each port" in words(second)


def test_thousands_of_pairs_make_small_pictures() -> None:
    found = {picture.id: picture for picture in large()}
    assert set(found) == {"picture-timeline", "picture-paths-1", "picture-progress", "picture-balance"}
    assert {text for _, text in edges(found["picture-paths-1"])} == {"HBA 3: 1,500 alive", "HBA 4: 1,500 alive"}
    ends = [text for text in words(found["picture-progress"]) if text.startswith(("least", "median", "most"))]
    assert len(ends) == 3 and "slowest 5 pairs" in words(found["picture-progress"])


def test_every_picture_is_small_well_formed_and_named_for_screen_readers() -> None:
    sets = [pictures(asked(whitepaper())), pictures(asked(clean())), large(), many_nodes()]
    for found in sets:
        assert len({picture.id for picture in found}) == len(found)
        for picture in found:
            assert len(picture.svg.encode()) < LARGEST_BYTES
            root = etree.fromstring(picture.svg.encode())
            assert root.tag == f"{SVG}svg" and root.get("role") == "img"
            named = [root.xpath(f"//*[@id='{id}']")[0].text for id in root.get("aria-labelledby").split()]
            assert named == [picture.title, picture.description]
            sizes = re.findall(r"font-size:(\d+)px", picture.svg)
            assert sizes == ["12"]
            right = [float(x) for x in re.findall(r' (?:x|cx)="([\d.-]+)"', picture.svg)]
            assert min(right) >= 0 and max(right) <= svg.WIDTH


def test_the_same_assessment_gives_the_same_pictures() -> None:
    again = pictures(asked(clean()), Migration(clean()))
    assert pictures(asked(clean())) == again
    assert [picture.id for picture in again] == [
        "picture-timeline",
        "picture-paths-1",
        "picture-progress",
        "picture-balance",
    ]
    assert [item.position for item in all_drawn()] == sorted({item.position for item in all_drawn()})


def test_nothing_captured_makes_no_picture() -> None:
    assert pictures(asked(from_bundle(Bundle("", (), None, ())))) == ()


def test_hostile_names_stay_text() -> None:
    bundle = bundle_of("whitepaper")
    name = f"3-ready/{HOSTILE}.txt"
    renamed = tuple(
        from_bytes(name, item.text.encode()) if item.name == "3-ready/figure-10.txt" else item
        for item in bundle.captures
    )
    escaped = "".join(letter if letter.isalnum() else f"\\u{ord(letter):04x}" for letter in f"3-ready/{HOSTILE}.txt")
    node = "".join(letter if letter.isalnum() else f"\\u{ord(letter):04x}" for letter in HOSTILE)
    manifest = (bundle.manifest or b"") + f'\n[[capture]]\nfile = "{escaped}"\nnode = "{node}"\n'.encode()
    collection = from_bundle(Bundle("", renamed, manifest, ()))
    assert any(read.node == HOSTILE for read in collection.outputs)
    found = pictures(asked(collection))
    titles = [picture.title for picture in found]
    assert any(
        "<script>" in title and "\\x1b[31m" in title and "\\u202e" in title and "\\ufffe" in title for title in titles
    )
    for picture in found:
        root = etree.fromstring(picture.svg.encode())
        assert {etree.QName(part).localname for part in root.iter()} <= {
            "svg", "title", "desc", "style", "text", "path", "rect", "circle", "polygon",
        }  # fmt: skip
        assert not re.search(
            "[\x00-\x09\x0b-\x1f\x7f\u202a-\u202e\ufffe]", picture.svg + picture.title + picture.description
        )


@pytest.mark.parametrize(
    ("text", "width", "kept"),
    [
        ("EXCH01", 100, "EXCH01"),
        ("a" * 40, 80, "a" * 10 + "…"),
        ("漢" * 40, 80, "漢" * 6 + "…"),
        ("a\x1bb", 100, "a\\x1bb"),
    ],
)
def test_text_is_cut_to_its_room(text: str, width: float, kept: str) -> None:
    assert svg.fitted(text, width) == kept


@pytest.mark.parametrize(
    ("value", "text"), [(0.04, "0"), (-0.04, "0"), (12, "12"), (12.26, "12.3"), (10.0, "10"), (100.0, "100")]
)
def test_coordinates_are_spelt_one_way(value: float, text: str) -> None:
    assert svg.number(value) == text


def test_nodes_beyond_the_pictures_are_added_up_and_named() -> None:
    def spoil(number: int) -> str:
        """Each node has one more dead path than the one before, so that none sees what another sees."""
        rows = iter(range(1000))
        text = bundle.captures[place].text
        return re.sub(r"active(\s+)alive", lambda m: f"active{m[1]}{'dead ' if next(rows) < number else 'alive'}", text)

    bundle = bundle_of("whitepaper")
    place = next(n for n, capture in enumerate(bundle.captures) if capture.name == "3-ready/figure-10.txt")
    names = [f"NODE{number:02}" for number in range(11)]
    added = {f"3-ready/{name}.txt": spoil(number) for number, name in enumerate(names)}
    nodes = "".join(f'\n[[node]]\nname = "{name}"\n' for name in names)
    collection = whitepaper(
        drop=["3-ready/figure-10.txt"],
        add=added,
        manifest=lambda text: text.replace("node_count = 2", "node_count = 12") + nodes,
    )
    found = [p for p in pictures(asked(collection, Gate.READY)) if p.id.startswith("picture-paths")]
    assert [picture.title for picture in found[:2]] == ["Paths of NODE01", "Paths of NODE02"]
    assert found[-1].title == "Paths of 3 more nodes"
    # The display lists for each of the four disks two source paths, then two target paths: of the first nine rows five are the
    # source's, of the first ten six. NODE00 has all eight and eight alive.
    assert found[-1].description == (
        "Nodes: NODE09, NODE10, NODE00. Gate ready, target: 16 alive, 8 dead. Gate ready, source: 13 alive, 11 dead."
    )
