namespace FailoverLab.Scenarios;

/// <summary>Keys of scenario files.</summary>
internal static class ScenarioKeys
{
    private const string Req = KeySpec.RequiredWord;
    private const string LinkWords = "links of the lab; `all` for every one";
    private const string HostWords = "hosts and groups of the hosts file";

    public static KeyGroup Scenario { get; } = new("scenario", "the scenario",
        new("version", "number", "1", Req, "version: 1", "version of this form", Shape.Only(1)),
        new("name", "text", "1 to 40 of a-z 0-9 -", Req, "name: starlink-drop", "names the run directory", Shape.Pattern("^[a-z0-9-]{1,40}$")),
        new("description", "text", "any", "none", "description: The working path drops in silence.", "one sentence for the report", Shape.Text()),
        new("duration", "duration", "1s to 24h", Req, "duration: 13s", "length of the run from its start instant", Shape.Duration()),
        new("seed", "number", "0 to 18446744073709551615", "1", "seed: 7", "seed of every random choice; `--seed` goes before it", Shape.Whole(0, long.MaxValue)),
        new("max_start_skew", "duration", "10us to 1m", "50ms for hosts over ssh, else none", "max_start_skew: 5ms", "a step that starts further from its instant makes the run invalid (`incomplete`)", Shape.Duration()),
        new("steps", "list of steps", "at least one", Req, "steps: [...]", "what is done, when and where", Shape.ListOf(Shape.Group("step"))),
        new("expect", "list of expectations", "any", "nothing is judged", "expect: [...]", "what must hold for the verdict `pass`", Shape.ListOf(Shape.Group("expectation"), 0)));

    public static KeyGroup Step { get; } = new("step", "a step",
        new("at", "duration", "0s to the scenario's duration", Req, "at: 4s", "planned start, from the run's start instant", Shape.Duration()),
        new("name", "text", "1 to 60 of a-z 0-9 . -; unique", "number, kind and subject (`04-degrade-starlink-1`)", "name: first-fault", "name of the step in logs and report", Shape.Pattern("^[a-z0-9][a-z0-9.-]{0,59}$")),
        new("hosts", "host or group, or a list", HostWords, "what the action says", "hosts: routers", "where `stack`, `run` and `stop` act", Shape.OneOrMany(Shape.Text)),
        new("capture", "`all`, a capture point, a list of them, or a mapping", "points `node.interface`", "one action per step", "capture: all", "starts captures; `all` is both ends of every link", Shape.Any(Shape.Text(), Shape.ListOf(Shape.Text()), Shape.Group("capture"))),
        new("stack", "word", "`start`", "one action per step", "stack: start", "starts the programs of the failover stack, in order of the topology or the hosts file", Shape.Word("start")),
        new("traffic", "mapping", "see below", "one action per step", "traffic: { between: [traffic, business] }", "starts sequenced probe flows", Shape.Group("traffic")),
        new("degrade", "mapping", "see below", "one action per step", "degrade: { link: starlink-1, drop: true }", "makes a link worse; what is not named stays as it is", Shape.Group("degrade")),
        new("restore", "link, or a list", LinkWords, "one action per step", "restore: starlink-1", "puts a link back to its profile", Shape.OneOrMany(Shape.Text)),
        new("run", "command, or a mapping", "see below", "one action per step", "run: ip -s link", "runs a command with `/bin/sh -c`", Shape.Any(Shape.Text(), Shape.Group("run"))),
        new("kill", "host, or a mapping", "see below", "one action per step", "kill: router-1", "signals the host's program of the failover stack", Shape.Any(Shape.Text(), Shape.Group("kill"))),
        new("stop", "word", "`traffic`, `capture`, `stack`", "one action per step", "stop: traffic", "ends what earlier steps started; what is never stopped ends with the run", Shape.Word("traffic", "capture", "stack")))
    {
        OneOf = StepReader.Actions,
    };

    public static KeyGroup Capture { get; } = new("capture", "a capture step",
        new("points", "`all`, a capture point, or a list", "points `node.interface`", Req, "points: [endpoint.sl1, hub.sl1]", "where packets are captured: interfaces of nodes, or of hosts reached over ssh", Shape.OneOrMany(Shape.Text)),
        new("snap", "size in bytes", "64B to 65535B", "192B", "snap: 96B", "bytes kept of each packet", Shape.Pattern("^[0-9]+B$")));

    public static KeyGroup Traffic { get; } = new("traffic", "a traffic step",
        new("between", "list of two hosts", "nodes of the lab, or hosts over ssh with `interfaces`", Req, "between: [traffic, business]", "the ends; the first sends `forward`", Shape.ListOf(Shape.Text(), 2)),
        new("families", "word, or a list", "`ipv4`, `ipv6`", "both", "families: [ipv4, ipv6]", "address families; each is a flow of its own", Shape.OneOrMany(() => Shape.Word("ipv4", "ipv6"))),
        new("directions", "word", "`both`, `forward`, `backward`", "both", "directions: both", "who sends; each direction is a flow of its own", Shape.Word("both", "forward", "backward")),
        new("interval", "duration", "100us to 10s", "1ms", "interval: 1ms", "time between two packets: the resolution of every outage", Shape.Duration()),
        new("size", "size in bytes, or a word", "32B to 1400B; `coded`", "64B", "size: coded", "UDP payload of a packet; `coded` varies it so that packets are known again inside foreign encrypted tunnels", Shape.Pattern("^([0-9]+B|coded)$")));

    public static KeyGroup Degrade { get; } = new("degrade", "a degrade step", [
        new KeySpec("link", "link, or a list", LinkWords, Req, "link: starlink-1", "the links that get worse", Shape.OneOrMany(Shape.Text)),
        new("direction", "word", "`both`, `up` (from the site), `down`", "both", "direction: up", "which way is changed", Shape.Word("both", "up", "down")),
        new("profile", "profile", "file beside this one, or name of one in the lab's `profiles/`", "as it is", "profile: lte", "every impairment becomes the profile's; other keys go on top", Shape.Text()),
        new("carrier", "flag", "true, false", "as it is", "carrier: false", "false takes the carrier away at both ends", Shape.Flag()),
        .. ImpairmentKeys.InDegrade()]);

    public static KeyGroup Run { get; } = new("run", "a run step",
        new("host", "host or group, or a list", HostWords, "the step's `hosts`", "host: traffic", "where the command runs", Shape.OneOrMany(Shape.Text)),
        new("command", "text", "any without NUL", Req, "command: ip -s link", "text for `/bin/sh -c`, printed as it is by `plan`", Shape.Text()),
        new("timeout", "duration", "100ms to 24h", "10s", "timeout: 5s", "after this the command is killed", Shape.Duration()),
        new("env", "mapping of texts", "names of letters, digits and _", "none", "env: { LANG: C }", "variables added to the environment", Shape.MapOf(new())));

    public static KeyGroup Kill { get; } = new("kill", "a kill step",
        new("host", "host or group, or a list", "nodes with a program", Req, "host: router-1", "whose program is signalled", Shape.OneOrMany(Shape.Text)),
        new("signal", "word", "`KILL`, `TERM`, `STOP`, `CONT`", "KILL", "signal: STOP", "the signal", Shape.Word("KILL", "TERM", "STOP", "CONT")));

    public static KeyGroup Expectation { get; } = new("expectation", "an expectation",
        new("metric", "word", "see the table of metrics", Req, "metric: outage", "the figure that is judged", Shape.Word(ExpectationReader.Metrics.Keys)),
        new("max", "in the metric's unit", "see the table of metrics", "no upper limit", "max: 100ms", "largest value allowed", new()),
        new("min", "in the metric's unit", "see the table of metrics", "no lower limit", "min: 1", "smallest value allowed", new()),
        new("is", "path", "paths of the lab", "required for `working-path`", "is: starlink-2", "the path expected; only for `working-path`", Shape.Text()),
        new("flow", "flow", "`FROM>TO/ipv4` or `FROM>TO/ipv6`", "all flows; the worst counts", "flow: traffic>business/ipv4", "the flow looked at", Shape.Text()),
        new("path", "path", "paths of the lab", "all paths", "path: starlink-1", "the path looked at; only for delays", Shape.Text()),
        new("from", "duration", "0s to the scenario's duration", "start of the run", "from: 3.5s", "start of the window looked at", Shape.Duration()),
        new("to", "duration", "after `from`, to the scenario's duration", "end of the run", "to: 6.9s", "end of the window", Shape.Duration()),
        new("text", "text", "one line of at most 200 characters", "made from the other keys", "text: the lossy path is left within 3 s", "the expectation as the report says it", Shape.Text()));

    public static KeyGroup Plan { get; } = new("plan", "the plan",
        new("name", "text", "any", Req, "name: Test All", "name of the plan", Shape.Text()),
        new("jobs", "list of jobs", "at least one", Req, "jobs: [...]", "what is run, when and where", Shape.ListOf(Shape.Group("job"))));

    public static KeyGroup Job { get; } = new("job", "a job",
        new("host", "host", "of the hosts file, else an alias of ssh_config", Req, "host: pve", "where the commands run", Shape.Host()),
        new("run_after_sec", "seconds, a bare number", "0 to 86400", Req, "run_after_sec: 30", "added to the minutes and hours", Shape.Whole(0, 86_400)),
        new("run_after_min", "minutes, a bare number", "0 to 1440", Req, "run_after_min: 1", "added to the seconds and hours", Shape.Whole(0, 1_440)),
        new("run_after_hr", "hours, a bare number", "0 to 24", Req, "run_after_hr: 0", "added to the seconds and minutes", Shape.Whole(0, 24)),
        new("workdir", "directory", "one line", "the login directory", "workdir: ~/test", "made if absent; the commands run in it", Shape.Text()),
        new("logfile", "file name", "one line", "the step's log", "logfile: log", "takes the output; `.` and the epoch of the plan's start, by the host's clock, are appended", Shape.Text()),
        new("cp_files", "list of files", "relative to the plan", "none", "cp_files: [drop.sh]", "copied into the work directory first", Shape.ListOf(Shape.Text(), 0)),
        new("env", "mapping of texts", "names of letters, digits and _", "none", "env: { LANG: C }", "variables added to the environment", Shape.MapOf(new())),
        new("commands", "list of texts", "at least one", Req, "commands: [./drop.sh]", "run in order; the first that fails ends the job", Shape.ListOf(Shape.Text())));
}
