using FailoverLab.EmbeddedLab;

namespace FailoverLab.Cli;

/// <summary>What commands need of the world, put together once.</summary>
/// <param name="Out">Standard output: the product.</param>
/// <param name="Error">Standard error: the story.</param>
/// <param name="IsTerminal">Whether <paramref name="Error"/> is a terminal that may be drawn on.</param>
/// <param name="Self">How this program is started again.</param>
/// <param name="Time">Wall clock and timers.</param>
public sealed record CommandContext(TextWriter Out, TextWriter Error, bool IsTerminal, SelfCommand Self, TimeProvider Time);
