namespace FailoverLab.Scenarios;

/// <summary>Codes of the faults of scenarios, hosts and topology files; docs/SCENARIOS.md gives cause and cure of each.</summary>
public static class ScenarioCodes
{
    /// <summary>A version of the file this program does not read.</summary>
    public const string Version = "FL1101";

    /// <summary>A host or group that is not in hosts.yaml.</summary>
    public const string UnknownHost = "FL1102";

    /// <summary>A link that the lab does not have.</summary>
    public const string UnknownLink = "FL1103";

    /// <summary>A capture point that the lab does not have.</summary>
    public const string UnknownPoint = "FL1104";

    /// <summary>A flow that no traffic step starts.</summary>
    public const string UnknownFlow = "FL1105";

    /// <summary>A path that no link of the lab has.</summary>
    public const string UnknownPath = "FL1106";

    /// <summary>Two steps of one name.</summary>
    public const string DuplicateStep = "FL1107";

    /// <summary>A list with nothing in it.</summary>
    public const string EmptyList = "FL1108";

    /// <summary>A step that needs the embedded lab, and none is given.</summary>
    public const string NoLab = "FL1109";

    /// <summary>A host that cannot do what the step asks.</summary>
    public const string UnableHost = "FL1110";

    /// <summary>A step whose action chooses its hosts itself.</summary>
    public const string HostsWithoutMeaning = "FL1111";

    /// <summary>A host without an address of the family asked for.</summary>
    public const string NoAddress = "FL1112";

    /// <summary>A degrade step that changes nothing, or the carrier in one direction only.</summary>
    public const string UselessChange = "FL1113";

    /// <summary>A restore without a degrade before it (warning).</summary>
    public const string RestoreWithoutDegrade = "FL1114";

    /// <summary>A degrade without a restore after it (warning).</summary>
    public const string DegradeWithoutRestore = "FL1115";

    /// <summary>Traffic that starts before the stack it is to cross (warning).</summary>
    public const string TrafficBeforeStack = "FL1116";

    /// <summary>A stop or kill of something that was never started (warning).</summary>
    public const string StopWithoutStart = "FL1117";

    /// <summary>An expectation whose limits do not fit its metric.</summary>
    public const string Limit = "FL1118";

    /// <summary>An expectation whose window is empty or leaves the run.</summary>
    public const string Window = "FL1119";

    /// <summary>An expectation about traffic or captures the scenario never starts (warning).</summary>
    public const string NothingToJudge = "FL1120";

    /// <summary>hosts.yaml and the topology disagree about a host.</summary>
    public const string HostClash = "FL1121";

    /// <summary>A group that has the name of a host.</summary>
    public const string GroupClash = "FL1122";

    /// <summary>hosts.yaml and the topology disagree about a link.</summary>
    public const string LinkClash = "FL1123";

    /// <summary>An option of ssh that no file of ours may set.</summary>
    public const string SshOption = "FL1141";

    /// <summary>Keys of ssh on a host that is reached otherwise.</summary>
    public const string SshWithoutMeaning = "FL1142";

    /// <summary>A secret in the file itself.</summary>
    public const string SecretInFile = "FL1143";

    /// <summary>A key the link's driver has no use for, or a real link without a driver.</summary>
    public const string LinkKey = "FL1144";

    /// <summary>A Proxmox VE endpoint that is not in the hosts file.</summary>
    public const string UnknownPve = "FL1145";

    /// <summary>A variable, argument or range of an Ansible inventory that is not taken (a variable passed over is a warning).</summary>
    public const string Ansible = "FL1146";

    /// <summary>An address outside the documentation ranges.</summary>
    public const string ForeignAddress = "FL1201";

    /// <summary>An address that two interfaces have.</summary>
    public const string DuplicateAddress = "FL1202";

    /// <summary>A node or interface that the topology does not have.</summary>
    public const string UnknownEnd = "FL1203";

    /// <summary>An interface with more than one cable.</summary>
    public const string CabledTwice = "FL1204";

    /// <summary>An interface with no cable.</summary>
    public const string NotCabled = "FL1205";

    /// <summary>A route whose next hop no interface of the node reaches.</summary>
    public const string UnreachableNextHop = "FL1206";

    /// <summary>A program without its config file, or the other way round, or a config file that is not there.</summary>
    public const string ProgramConfig = "FL1207";

    /// <summary>A WANulator that is no WANulator, or serves two links.</summary>
    public const string Wanulator = "FL1208";

    /// <summary>A bridge port that is missing, has addresses, or belongs to two bridges.</summary>
    public const string BridgePort = "FL1209";

    /// <summary>A queue so small that it would lose packets nobody asked to lose: below one packet, or below rate x delay.</summary>
    public const string QueueTooSmall = "FL1401";

    /// <summary>A loss or delay model, or a queue, whose values do not go together.</summary>
    public const string Model = "FL1402";

    /// <summary>A profile that is not there.</summary>
    public const string UnknownProfile = "FL1403";

    /// <summary>A profile whose name is not its file's.</summary>
    public const string ProfileName = "FL1404";

    /// <summary>A trace that is not of the form it seems to be.</summary>
    public const string TraceForm = "FL1405";

    /// <summary>A trace in which time stands still or runs backwards.</summary>
    public const string TraceTime = "FL1406";

    /// <summary>A file named by a plan of the older form that is not there.</summary>
    public const string MissingCopy = "FL1301";
}
