namespace FailoverLab.Scenarios;

/// <summary>Starts the host's program of the failover stack.</summary>
/// <param name="Verb">Verb of this program: <c>router</c>, <c>endpoint</c>, <c>balancer</c> or <c>controller</c>.</param>
/// <param name="ConfigFile">Absolute path of its config file.</param>
public sealed record StackStart(string Verb, string ConfigFile) : StepAction;
