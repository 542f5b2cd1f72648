using System.Buffers.Binary;

namespace SkPeft.Tensors.Kernels;

/// <summary>The general registers that generated code uses: the arguments of a function on Linux (System V ABI, x86-64), and the result.</summary>
internal enum General
{
    /// <summary>rax, free.</summary>
    Free = 0,

    /// <summary>rcx, the fourth argument.</summary>
    Fourth = 1,

    /// <summary>rdx, the third argument.</summary>
    Third = 2,

    /// <summary>rsi, the second argument.</summary>
    Second = 6,

    /// <summary>rdi, the first argument.</summary>
    First = 7,
}

/// <summary>
/// Writes x86-64 machine code: 512-bit instructions with registers 0–31, memory operands as register + 32-bit offset, and the few scalar
/// instructions of a loop.
/// </summary>
internal sealed class VectorAssembler
{
    private readonly List<byte> _code = [];

    /// <summary>Bytes written so far.</summary>
    public int Position => _code.Count;

    public byte[] ToArray() => [.. _code];

    /// <summary>Writes bytes that are no instructions.</summary>
    public void Data(ReadOnlySpan<byte> bytes) => _code.AddRange(bytes);

    /// <summary>d = a ∘ b, all registers. Instructions of one source take a = 0.</summary>
    public void Vector(Opcode opcode, int d, int a, int b)
    {
        Evex(opcode, d, a, (b & 8) != 0, (b & 16) != 0, false);
        Bytes((byte)(0xC0 | ((d & 7) << 3) | (b & 7)));
    }

    /// <summary>d = a ∘ memory; with <paramref name="broadcast"/> the 32-bit value there in every lane.</summary>
    public void Vector(Opcode opcode, int d, int a, General at, int offset, bool broadcast = false)
    {
        Evex(opcode, d, a, false, false, broadcast);
        Bytes((byte)(0x80 | ((d & 7) << 3) | (int)at));
        Int32(offset);
    }

    /// <summary>d = a ∘ memory at a place in this code.</summary>
    public void VectorAtPlace(Opcode opcode, int d, int a, int place)
    {
        Evex(opcode, d, a, false, false, false);
        Bytes((byte)(((d & 7) << 3) | 5));
        Int32(place - (Position + 4));
    }

    /// <summary>d = b &lt;&lt; bits.</summary>
    public void ShiftLeft(int d, int b, byte bits) => Shift(6, d, b, bits);

    /// <summary>d = b &gt;&gt; bits, zeros shifted in.</summary>
    public void ShiftRight(int d, int b, byte bits) => Shift(2, d, b, bits);

    /// <summary>d = the constant in every 32-bit lane.</summary>
    public void Constant(int d, int value)
    {
        Bytes(0xB8); // mov eax, value
        Int32(value);
        Vector(Opcode.Broadcast, d, 0, (int)General.Free);
    }

    /// <summary>rax = 32 bits of memory.</summary>
    public void LoadWord(General at, int offset) => Scalar(0x8B, at, offset);

    /// <summary>rax |= 32 bits of memory.</summary>
    public void OrWord(General at, int offset) => Scalar(0x0B, at, offset);

    /// <summary>Jumps where a register is zero.</summary>
    /// <returns>Where to write the target: <see cref="Land"/>.</returns>
    public int JumpIfZero(General register)
    {
        Bytes(0x48, 0x85, (byte)(0xC0 | ((int)register << 3) | (int)register), 0x0F, 0x84); // test r, r; jz
        Int32(0);
        return Position - 4;
    }

    /// <summary>Makes an earlier jump land here.</summary>
    public void Land(int jump)
    {
        Span<byte> distance = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(distance, Position - (jump + 4));
        for (int i = 0; i < distance.Length; i++)
        {
            _code[jump + i] = distance[i];
        }
    }

    /// <summary>Counts a register down and jumps back until it is zero.</summary>
    public void LoopWhileNotZero(General register, int target)
    {
        Bytes(0x48, 0xFF, (byte)(0xC8 | (int)register), 0x0F, 0x85); // dec r; jnz
        Int32(target - (Position + 4));
    }

    /// <summary>register += value.</summary>
    public void AddTo(General register, int value)
    {
        Bytes(0x48, 0x81, (byte)(0xC0 | (int)register));
        Int32(value);
    }

    /// <summary>Fetches the cache line at register + offset.</summary>
    public void Prefetch(General at, int offset)
    {
        Bytes(0x0F, 0x18, (byte)(0x88 | (int)at)); // prefetcht0
        Int32(offset);
    }

    /// <summary>Fetches the first line of the 4 KB page that register + offset lies in. Changes rax.</summary>
    public void PrefetchPage(General at, int offset)
    {
        Bytes(0x48, 0x8D, (byte)(0x80 | (int)at)); // lea rax, [at + offset]
        Int32(offset);
        Bytes(0x48, 0x25); // and rax, -4096
        Int32(-4096);
        Bytes(0x0F, 0x18, 0x08); // prefetcht0 [rax]
    }

    /// <summary>Ends the function; the upper halves of the registers are cleared, as other code expects.</summary>
    public void Return() => Bytes(0xC5, 0xF8, 0x77, 0xC3); // vzeroupper; ret

    private void Scalar(byte code, General at, int offset)
    {
        Bytes(code, (byte)(0x80 | (int)at));
        Int32(offset);
    }

    private void Shift(int extension, int d, int b, byte bits)
    {
        // The destination stands where others have their first source.
        Evex(Opcode.Shift, extension, d, (b & 8) != 0, (b & 16) != 0, false);
        Bytes((byte)(0xC0 | (extension << 3) | (b & 7)), bits);
    }

    // Four bytes; all register bits are stored inverted.
    private void Evex(Opcode opcode, int d, int a, bool b3, bool b4, bool broadcast) => Bytes(
        0x62,
        (byte)(Bit((d & 8) == 0, 7) | Bit(!b4, 6) | Bit(!b3, 5) | Bit((d & 16) == 0, 4) | opcode.Map),
        (byte)(Bit(opcode.IsWide, 7) | ((~a & 15) << 3) | Bit(true, 2) | opcode.Prefix),
        (byte)(Bit(true, 6) | Bit(broadcast, 4) | Bit((a & 16) == 0, 3)),
        opcode.Code);

    private static int Bit(bool set, int position) => set ? 1 << position : 0;

    private void Bytes(params ReadOnlySpan<byte> bytes) => _code.AddRange(bytes);

    private void Int32(int value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        _code.AddRange(bytes);
    }
}
