from tools.house_rules.read_ports import check

PORTS = "huitian/engine/ports.py"
WRITES = "".join(f"    def {name}(self, what): ...\n" for name in ("keep", "sweep", "list_ids", "remove"))


def test_a_read_without_permission_is_found(repository):
    text = f"class Files(Protocol):\n{WRITES}    def open_file(self, file_id: str): ...\n"
    assert [one.line_no for one in check(repository({PORTS: text}))] == [6]


def test_permission_must_come_first_and_be_one(repository):
    for arguments in ("file_id, allowed: Allowed", "allowed", "allowed: str", "*, allowed: Allowed"):
        text = f"class Files(Protocol):\n{WRITES}    def open_file(self, {arguments}): ...\n"
        assert len(list(check(repository({PORTS: text})))) == 1, arguments


def test_reads_with_permission_and_writes_pass(repository):
    text = f"class Files(Protocol):\n{WRITES}    def open_file(self, allowed: Allowed, file_id: str): ...\n"
    assert not list(check(repository({PORTS: text})))


def test_a_new_port_has_no_exceptions(repository):
    text = "class Lake(Protocol):\n    def write(self, batch): ...\n"
    assert len(list(check(repository({PORTS: text})))) == 1


def test_an_exception_that_is_gone_is_found(repository):
    left = WRITES.replace("    def list_ids(self, what): ...\n", "")
    found = list(check(repository({PORTS: f"class Files(Protocol):\n{left}"})))
    assert ["Files.list_ids is gone" in one.words for one in found] == [True]
