using Grid.Features.Plans;

namespace Grid.Features.Tests.State;

/// <summary>A payment as the tests make it; what is null was not sent.</summary>
internal sealed record PlainPayment(string Id, long At, long? Amount, string? Shop, double? Weight)
{
    public ulong IdHash => StableHash.Of(Id);

    public void Fill(EventRow row)
    {
        row.Reset(StatePlans.PaymentPlan);
        row.Set(StatePlans.Id, FieldSlot.OfText(Id));
        row.Set(StatePlans.At, FieldSlot.OfBits(At));
        if (Amount is { } amount)
        {
            row.Set(StatePlans.Amount, FieldSlot.OfBits(amount));
        }

        if (Shop is not null)
        {
            row.Set(StatePlans.Shop, FieldSlot.OfText(Shop));
        }

        if (Weight is { } weight)
        {
            row.Set(StatePlans.Weight, FieldSlot.OfNumber(weight));
        }

        row.Seal();
    }

    /// <summary>Fills a row as a visit: its minutes are the amount.</summary>
    public void FillVisit(EventRow row)
    {
        row.Reset(StatePlans.VisitPlan);
        row.Set(StatePlans.Id, FieldSlot.OfText(Id));
        row.Set(StatePlans.At, FieldSlot.OfBits(At));
        if (Amount is { } minutes)
        {
            row.Set(StatePlans.Amount, FieldSlot.OfBits(minutes));
        }

        if (Shop is not null)
        {
            row.Set(StatePlans.Shop, FieldSlot.OfText(Shop));
        }

        row.Seal();
    }
}

/// <summary>A label of a payment.</summary>
internal sealed record PlainReport(PlainPayment Payment, long At, bool? Fraud, long? Grade, string? Verdict = null)
{
    public void Fill(EventRow row)
    {
        row.Reset(StatePlans.ReportPlan);
        row.Set(0, FieldSlot.OfText(Payment.Id));
        row.Set(1, FieldSlot.OfBits(At));
        if (Fraud is { } fraud)
        {
            row.Set(2, FieldSlot.OfBits(fraud ? 1 : 0));
        }

        if (Grade is { } grade)
        {
            row.Set(3, FieldSlot.OfBits(grade));
        }

        if (Verdict is not null)
        {
            row.Set(4, FieldSlot.OfText(Verdict));
        }

        row.Seal();
    }
}
