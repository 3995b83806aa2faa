using FailoverLab.Primitives;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace FailoverLab.Yaml;

/// <summary>Turns parser events into nodes and refuses what goes beyond the budgets.</summary>
internal sealed class TreeBuilder(string file, DiagnosticBag bag)
{
    private readonly Stack<Frame> _open = new();
    private readonly Dictionary<string, Anchor> _anchors = new(StringComparer.Ordinal);
    private YamlNode? _root;
    private int _documents;
    private int _events;
    private int _aliases;
    private int _expanded;
    private bool _isFinishing;

    private SourcePosition LastPosition { get; set; } = new(file, 1, 1);

    /// <summary>Where the innermost list or mapping not yet closed begins.</summary>
    public SourcePosition? InnermostOpen => _open.TryPeek(out var frame) ? frame.Node.Position : null;

    /// <summary>Takes the next event.</summary>
    /// <returns>Whether reading may go on.</returns>
    public bool Accept(ParsingEvent next)
    {
        LastPosition = At(next.Start);
        if (++_events > YamlBudget.MaxEvents)
        {
            return Refuse(YamlCodes.TooMuch, $"the file holds more than {YamlBudget.MaxEvents} nodes");
        }
        return next switch
        {
            DocumentStart => ++_documents == 1 || Refuse(YamlCodes.SeveralDocuments, "a second document begins here; a file holds one", "one file each"),
            AnchorAlias alias => AcceptAlias(alias),
            YamlDotNet.Core.Events.Scalar scalar => AcceptScalar(scalar),
            MappingStart start => Open(new YamlMapping(LastPosition), start),
            SequenceStart start => Open(new YamlSequence(LastPosition), start),
            MappingEnd or SequenceEnd => Close(),
            _ => true,
        };
    }

    /// <summary>The tree as far as it was read; what was still open is attached, marked incomplete.</summary>
    public YamlNode? Finish()
    {
        _isFinishing = true;
        while (_open.Count > 0)
        {
            Attach(_open.Pop().Node);
        }
        return _root;
    }

    private bool Open(YamlNode node, NodeEvent start)
    {
        if (_open.Count >= YamlBudget.MaxDepth)
        {
            return Refuse(YamlCodes.TooDeep, $"nested deeper than {YamlBudget.MaxDepth} levels");
        }
        CheckTag(start);
        var anchor = Anchor.For(start.Anchor, node);
        Register(anchor);
        _open.Push(new Frame(node, anchor));
        return CountNodes(1);
    }

    private bool Close()
    {
        var frame = _open.Pop();
        if (frame.Anchor is { } anchor)
        {
            anchor.IsClosed = true;
        }
        if (frame.Node is YamlMapping mapping)
        {
            mapping.IsComplete = !frame.HasDropped;
        }
        Attach(frame.Node);
        return true;
    }

    private bool AcceptScalar(YamlDotNet.Core.Events.Scalar scalar)
    {
        if (scalar.Value.Length > YamlBudget.MaxScalarLength)
        {
            return Refuse(YamlCodes.TooMuch, $"one text is longer than {YamlBudget.MaxScalarLength} characters");
        }
        CheckTag(scalar);
        var node = new YamlScalar(LastPosition, scalar.Value, scalar.Style == ScalarStyle.Plain);
        var anchor = Anchor.For(scalar.Anchor, node);
        if (anchor is not null)
        {
            anchor.IsClosed = true;
        }
        Register(anchor);
        Attach(node);
        return CountNodes(1);
    }

    private bool AcceptAlias(AnchorAlias alias)
    {
        if (++_aliases > YamlBudget.MaxAliases)
        {
            return Refuse(YamlCodes.TooMuch, $"more than {YamlBudget.MaxAliases} aliases");
        }
        var name = MappingReader.Shorten(alias.Value.Value);
        if (!_anchors.TryGetValue(alias.Value.Value, out var anchor))
        {
            var nearest = NearestName.Find(alias.Value.Value, _anchors.Keys);
            bag.Error(YamlCodes.UnknownAlias, LastPosition, $"alias '*{name}' has no anchor '&{name}' before it",
                nearest is null ? null : $"did you mean '*{nearest}'?");
            Attach(new YamlFault(LastPosition));
            return true;
        }
        if (!anchor.IsClosed)
        {
            bag.Error(YamlCodes.CyclicAlias, LastPosition,
                $"alias '*{name}' stands inside its own anchor (line {anchor.Node.Position.Line}), so it would never end");
            Attach(new YamlFault(LastPosition));
            return true;
        }
        Attach(anchor.Node);
        return CountNodes(anchor.Node.ExpandedSize);
    }

    private void Attach(YamlNode node)
    {
        if (!_open.TryPeek(out var frame))
        {
            _root ??= node;
            return;
        }
        if (frame.Node is YamlSequence sequence)
        {
            sequence.Add(node);
        }
        else if (frame.Node is YamlMapping mapping)
        {
            AttachToMapping(frame, mapping, node);
        }
    }

    private void AttachToMapping(Frame frame, YamlMapping mapping, YamlNode node)
    {
        if (!frame.HasKey)
        {
            frame.HasKey = true;
            frame.Key = AcceptKey(mapping, node);
            return;
        }
        frame.HasKey = false;
        if (frame.Key is null)
        {
            frame.HasDropped = true;
            return;
        }
        mapping.Add(new YamlEntry(frame.Key, node));
    }

    /// <summary>The key when it may be used; otherwise its fault is reported and its value dropped.</summary>
    private YamlScalar? AcceptKey(YamlMapping mapping, YamlNode node)
    {
        switch (node)
        {
            case YamlScalar { IsPlain: true, Text: "<<" }:
                bag.Error(YamlCodes.MergeKey, node.Position, "merge keys ('<<') are not read",
                    "write the keys out, or give the whole value by an alias: 'key: *name'");
                return null;
            case YamlScalar scalar when mapping.TryGet(scalar.Text, out var first):
                bag.Error(YamlCodes.DuplicateKey, LastPosition,
                    $"key '{MappingReader.Shorten(scalar.Text)}' stands twice: first in line {first.Key.Position.Line}, again in line {LastPosition.Line}");
                return null;
            case YamlScalar scalar:
                return scalar;
            case YamlFault:
                return null;
            case YamlNode when _isFinishing:
                // Cut off within its key: the fault that ended the reading says it all.
                return null;
            default:
                bag.Error(YamlCodes.ComplexKey, node.Position, $"a key is text, but this one is {node.KindText}");
                return null;
        }
    }

    private void CheckTag(NodeEvent node)
    {
        if (node.Tag.IsEmpty || node.Tag.IsNonSpecific || IsCore(node.Tag.Value))
        {
            return;
        }
        bag.Error(YamlCodes.Tag, LastPosition, $"tag '{MappingReader.Shorten(node.Tag.Value)}' is not read; values need none", "leave the tag out");
    }

    private static bool IsCore(string tag) =>
        tag.StartsWith("tag:yaml.org,2002:", StringComparison.Ordinal)
        && tag["tag:yaml.org,2002:".Length..] is "str" or "int" or "float" or "bool" or "null" or "map" or "seq";

    private void Register(Anchor? anchor)
    {
        if (anchor is not null)
        {
            _anchors[anchor.Name] = anchor;
        }
    }

    private bool CountNodes(int count)
    {
        _expanded += count;
        return _expanded <= YamlBudget.MaxExpandedNodes
            || Refuse(YamlCodes.TooMuch, $"more than {YamlBudget.MaxExpandedNodes} nodes once its aliases are written out");
    }

    private bool Refuse(string code, string message, string? hint = null)
    {
        bag.Error(code, LastPosition, message, hint);
        return false;
    }

    private SourcePosition At(Mark mark) =>
        new(file, (int)long.Clamp(mark.Line, 1, int.MaxValue), (int)long.Clamp(mark.Column, 1, int.MaxValue));

    private sealed class Frame(YamlNode node, Anchor? anchor)
    {
        public YamlNode Node { get; } = node;

        public Anchor? Anchor { get; } = anchor;

        public bool HasKey { get; set; }

        public YamlScalar? Key { get; set; }

        public bool HasDropped { get; set; }
    }

    private sealed class Anchor(string name, YamlNode node)
    {
        public string Name { get; } = name;

        public YamlNode Node { get; } = node;

        public bool IsClosed { get; set; }

        public static Anchor? For(AnchorName name, YamlNode node) => name.IsEmpty ? null : new Anchor(name.Value, node);
    }
}
