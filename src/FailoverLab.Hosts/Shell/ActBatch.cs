namespace FailoverLab.Hosts;

/// <summary>A program that reads what it is to do from a file: <c>nft -f FILE</c>, <c>tc -batch FILE</c>, <c>ip -batch FILE</c>.</summary>
/// <param name="Program">The program.</param>
/// <param name="Option">The option before the file's name.</param>
/// <param name="Text">What stands in the file.</param>
public sealed record ActBatch(string Program, string Option, string Text);
