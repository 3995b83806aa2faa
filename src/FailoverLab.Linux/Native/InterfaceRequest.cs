using System.Runtime.InteropServices;
using System.Text;

namespace FailoverLab.Linux;

/// <summary>
/// <c>struct ifreq</c> of 64-bit Linux: 16 bytes of name, then 24 bytes whose meaning is the request's.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 40)]
internal unsafe struct InterfaceRequest
{
    private const int NameSize = 16;

    [FieldOffset(0)]
    public fixed byte NameBytes[NameSize];

    [FieldOffset(16)]
    public short Flags;

    [FieldOffset(16)]
    public int Number;

    [FieldOffset(16)]
    public nint Pointer;

    [FieldOffset(16)]
    public ushort HardwareType;

    // sockaddr: two bytes of family (the hardware type), then the hardware address.
    [FieldOffset(18)]
    public fixed byte HardwareAddress[6];

    /// <exception cref="ArgumentException">The name is empty or longer than 15 bytes.</exception>
    public static InterfaceRequest For(string name)
    {
        var length = Encoding.UTF8.GetByteCount(name);
        if (length is 0 or >= NameSize)
        {
            throw new ArgumentException($"An interface name has 1 to 15 bytes; '{name}' has {length}.", nameof(name));
        }

        InterfaceRequest request = default;
        Encoding.UTF8.GetBytes(name, new Span<byte>(request.NameBytes, NameSize));
        return request;
    }

    public readonly string ReadName()
    {
        fixed (byte* bytes = NameBytes)
        {
            var name = new ReadOnlySpan<byte>(bytes, NameSize);
            return Encoding.UTF8.GetString(name[..name.IndexOf((byte)0)]);
        }
    }
}
