namespace Grid;

/// <summary>What a field of an event holds. The numbers are written to journals: add at the end, change none.</summary>
public enum FieldType : byte
{
    None = 0,

    /// <summary>Text, compared by its characters.</summary>
    String = 1,

    /// <summary>A whole number of 64 bits.</summary>
    Integer = 2,

    /// <summary>A number with a fixed count of decimal places, kept as a scaled 64-bit integer: <c>decimal(2)</c>.</summary>
    Decimal = 3,

    /// <summary>A binary floating-point number of 64 bits. It can be compared but not summed exactly, so it is not summed.</summary>
    Number = 4,

    /// <summary>True or false; counts as 1 or 0 where it is summed.</summary>
    Boolean = 5,

    /// <summary>A moment in milliseconds, UTC.</summary>
    Timestamp = 6,
}
