using System.Runtime.InteropServices;

namespace FailoverLab.Linux;

/// <summary><c>SHA256_CTX</c> of libcrypto: eight words of state, the length, one block of waiting bytes. Copying it copies the hash so far.</summary>
[StructLayout(LayoutKind.Sequential, Size = 112)]
internal unsafe struct Sha256State
{
    public fixed uint Words[28];
}
