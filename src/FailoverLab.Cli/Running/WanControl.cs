using System.Globalization;
using System.Text.Json;
using FailoverLab.Dataplane;
using FailoverLab.Hosts;
using FailoverLab.Primitives;
using FailoverLab.Scenarios;

namespace FailoverLab.Cli;

/// <summary>
/// Changes the links of <c>wan</c> while they run: reads a line, does what it says, and answers with one JSON document on one line; a change for a
/// later instant is answered twice, when it is planned and when it was made. Serves several callers at once.
/// </summary>
/// <param name="links">The links.</param>
/// <param name="reader">Reads lines.</param>
/// <param name="clock">The links' clocks.</param>
/// <param name="time">Timers.</param>
/// <param name="end">Called when a line ends the links.</param>
internal sealed class WanControl(IReadOnlyList<RunningPair> links, LinkLineReader reader, IClock clock, TimeProvider time, Action end)
{
    /// <summary>What changes several links at once is planned for an instant so far ahead: all have been told by then.</summary>
    private const long TogetherNs = 1_000_000;

    /// <summary>An instant that has passed by more is a slip of whoever wrote it, not of the clock.</summary>
    private const long LongestPastNs = 10_000_000_000;

    /// <summary>Changes that <c>status</c> still knows.</summary>
    private const int KeptChanges = 100;

    private readonly Lock _gate = new();
    private readonly List<WanChange> _changes = [];
    private int _last;

    /// <summary>Serves one caller until its input ends.</summary>
    /// <param name="input">Lines; empty ones and those that begin with <c>#</c> say nothing.</param>
    /// <param name="output">Takes the answers.</param>
    /// <param name="token">Ends it at the next line.</param>
    public async Task ServeAsync(TextReader input, TextWriter output, CancellationToken token)
    {
        var answers = TextWriter.Synchronized(output);
        var number = 0;
        try
        {
            while (await input.ReadLineAsync(token) is { } line)
            {
                number++;
                if (line.AsSpan().Trim() is not ([] or ['#', ..]))
                {
                    await AnswerAsync(line, number, answers);
                }
            }
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // Whoever asked does not listen any more, or the links end.
        }
    }

    private async Task AnswerAsync(string line, int number, TextWriter answers)
    {
        var bag = new DiagnosticBag();
        switch (reader.Read(line, number, bag))
        {
            case null:
                Write(answers, number, json => Errors(json, bag.Sorted().Select(d => d.ToString())));
                break;
            case { Ends: true }:
                Write(answers, number, json => json.WriteString("state", "ending"));
                end();
                break;
            case { CallOff: { } change }:
                Write(answers, number, json => CallOff(json, change));
                break;
            case { Status: { Count: > 0 } names }:
                Write(answers, number, json => Status(json, names));
                break;
            case var order:
                await ChangeAsync(order, number, answers);
                break;
        }
    }

    private async Task ChangeAsync(LinkOrder order, int number, TextWriter answers)
    {
        WanChange change;
        try
        {
            change = Plan(order);
        }
        catch (Exception refusal) when (refusal is StepFailedException or InvalidOperationException)
        {
            Write(answers, number, json => Errors(json, [Place(number, refusal.Message)]));
            return;
        }

        var made = change.MadeAsync();
        if (change.AtNs is null)
        {
            await made;
            Write(answers, number, json => change.Write(json));
            return;
        }

        Write(answers, number, json => change.Write(json));
        _ = made.ContinueWith(_ => Write(answers, number, json => change.Write(json)), TaskScheduler.Default);
    }

    private WanChange Plan(LinkOrder order)
    {
        lock (_gate)
        {
            var clocks = ClockReading.Of(clock);
            var nowNs = clocks.MonotonicNs + clocks.RealtimeLeadNs;
            if (order.AtNs < nowNs - LongestPastNs)
            {
                throw new StepFailedException(string.Create(CultureInfo.InvariantCulture,
                    $"the instant passed {(nowNs - order.AtNs.Value) / 1e9:0} s ago by this machine's clock; write a later one, or leave 'at' out for now"));
            }

            var steps = order.Changes.Select(c => (Link: links.First(l => l.Pair.Name == c.Link), Step: c)).ToList();
            if (steps.FirstOrDefault(s => !s.Link.Steered.Link.IsRunning).Link is { } ended)
            {
                throw new StepFailedException($"link {ended.Pair.Name} is not running any more{(ended.Failure is { } why ? $": {why}" : "")}");
            }

            var dueNs = order.AtNs is { } atNs ? clocks.ToMonotonicNs(atNs) : steps.Count > 1 ? clock.MonotonicNs + TogetherNs : clock.MonotonicNs;
            var change = new WanChange(++_last, order.AtNs, [.. steps.Select(s => (s.Link, s.Link.Steered.Plan(s.Step, dueNs)))], time);
            _changes.Add(change);
            _changes.RemoveRange(0, Math.Max(0, _changes.Count - KeptChanges));
            return change;
        }
    }

    private void CallOff(Utf8JsonWriter json, int number)
    {
        lock (_gate)
        {
            if (_changes.Find(c => c.Number == number) is not { } change)
            {
                Errors(json, [$"there is no change {number}, or it is long past"]);
                return;
            }

            if (change.TryCallOff())
            {
                change.Write(json);
                return;
            }

            Errors(json, [$"change {number} is {change.State}"]);
        }
    }

    private void Status(Utf8JsonWriter json, IReadOnlyList<string> names)
    {
        lock (_gate)
        {
            json.WriteStartArray("links");
            foreach (var link in links.Where(l => names.Contains(l.Pair.Name)))
            {
                json.WriteStartObject();
                json.WriteString("link", link.Pair.Name);
                json.WriteBoolean("running", link.Steered.Link.IsRunning);
                if (link.Failure is { } failure)
                {
                    json.WriteString("failure", failure);
                }

                var (asked, differences) = (link.Steered.ReadAsked(), link.Steered.ReadDifferences());
                Direction("up", asked.Up, differences.Up);
                Direction("down", asked.Down, differences.Down);
                WanFigures.Write(json, link.Steered.Link.Counters);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteStartArray("changes");
            foreach (var change in _changes)
            {
                json.WriteStartObject();
                change.Write(json);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        void Direction(string name, LinkChange asked, string differs)
        {
            json.WriteString(name + "Asked", ImpairmentText.DescribeProfile(asked));
            if (differs.Length > 0)
            {
                json.WriteString(name + "Differs", differs);
            }
        }
    }

    private static string Place(int number, string message) => new Diagnostic(ScenarioCodes.UselessChange, Severity.Error, new SourcePosition(LinkLineReader.Source, number, 1), message).ToString();

    private static void Errors(Utf8JsonWriter json, IEnumerable<string> errors)
    {
        json.WriteStartArray("errors");
        foreach (var error in errors)
        {
            json.WriteStringValue(error);
        }

        json.WriteEndArray();
    }

    private static void Write(TextWriter answers, int number, Action<Utf8JsonWriter> body)
    {
        using var memory = new MemoryStream();
        using (var json = new Utf8JsonWriter(memory, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteNumber("line", number);
            body(json);
            json.WriteEndObject();
        }

        try
        {
            answers.WriteLine(System.Text.Encoding.UTF8.GetString(memory.ToArray()));
            answers.Flush();
        }
        catch (Exception gone) when (gone is IOException or ObjectDisposedException)
        {
            // Whoever asked does not listen any more; what was asked is done all the same.
        }
    }
}
