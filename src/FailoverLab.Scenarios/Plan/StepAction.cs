using System.Text.Json.Serialization;

namespace FailoverLab.Scenarios;

/// <summary>What a step does; one subtype per kind. In JSON the kind stands in <c>kind</c>, named as the step's key in the file.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(CaptureStart), "capture")]
[JsonDerivedType(typeof(StackStart), "stack")]
[JsonDerivedType(typeof(TrafficStart), "traffic")]
[JsonDerivedType(typeof(LinkChangeStep), "link")]
[JsonDerivedType(typeof(RunCommand), "run")]
[JsonDerivedType(typeof(StackKill), "kill")]
[JsonDerivedType(typeof(StopStep), "stop")]
public abstract record StepAction;
