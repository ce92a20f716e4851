// SPDX-License-Identifier: GPL-2.0-only
/* arm64: SGIs and PPIs of the GIC. */
#include <linux/acpi.h>
#include <linux/cpuhotplug.h>
#include <linux/errno.h>
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/irqdomain.h>
#include <linux/of.h>
#include <linux/of_irq.h>
#include <linux/percpu.h>

#include "irq.h"

#define INTID_PRIVATE_FIRST 16 /* PPIs; SGIs before them */
#define INTID_SHARED_FIRST 32  /* SPIs belong to no CPU */
#define SPECIFIER_PRIVATE 1    /* a PPI, in the devicetree */

static enum cpuhp_state hotplug;

static irqreturn_t handle(int number, void *cookie)
{
	struct ffa_shim_irq_cpu *cpu = cookie;

	cpu->irq->report(cpu->irq->event);
	return IRQ_HANDLED;
}

static int shim_cpu_online(unsigned int cpu, struct hlist_node *node)
{
	struct ffa_shim_irq *irq = hlist_entry(node, struct ffa_shim_irq, node);

	enable_percpu_irq(irq->number, IRQ_TYPE_NONE);
	return 0;
}

static int shim_cpu_offline(unsigned int cpu, struct hlist_node *node)
{
	struct ffa_shim_irq *irq = hlist_entry(node, struct ffa_shim_irq, node);

	disable_percpu_irq(irq->number);
	return 0;
}

int ffa_shim_irq_init(void)
{
	int ret = cpuhp_setup_state_multi(CPUHP_AP_ONLINE_DYN, "ffa-shim:online", shim_cpu_online,
					  shim_cpu_offline);

	if (ret < 0)
		return ret;
	hotplug = ret;
	return 0;
}

void ffa_shim_irq_exit(void)
{
	cpuhp_remove_multi_state(hotplug);
}

/* Linux number of an INTID, or a negative errno. */
static int map(u32 intid)
{
	/* One cell is an SGI; a PPI has the three of interrupt specifiers: kind, number, trigger. */
	struct of_phandle_args args = {
		.args_count = intid < INTID_PRIVATE_FIRST ? 1 : 3,
		.args = { intid },
	};
	struct irq_domain *domain;
	int number;

	if (!acpi_disabled)
		return acpi_register_gsi(NULL, intid, ACPI_EDGE_SENSITIVE, ACPI_ACTIVE_HIGH);

	if (intid >= INTID_PRIVATE_FIRST) {
		args.args[0] = SPECIFIER_PRIVATE;
		args.args[1] = intid - INTID_PRIVATE_FIRST;
		args.args[2] = IRQ_TYPE_LEVEL_HIGH;
	}
	args.np = of_find_compatible_node(NULL, NULL, "arm,gic-v3");
	if (!args.np)
		return -ENODEV;
	domain = irq_find_host(args.np);
	if (!domain) {
		number = -ENODEV;
	} else if (irq_find_mapping(domain, intid)) {
		/* Somebody else's, as the kernel's own SGIs are: unmap() must not take it from them. */
		number = -EBUSY;
	} else {
		number = irq_create_of_mapping(&args);
		if (!number)
			number = -EINVAL;
	}
	of_node_put(args.np);
	return number;
}

static void unmap(unsigned int number)
{
	if (acpi_disabled)
		irq_dispose_mapping(number);
}

int ffa_shim_irq_request(struct ffa_shim_irq *irq, u32 intid)
{
	int cpu, ret;

	if (intid >= INTID_SHARED_FIRST)
		return -EINVAL;
	ret = map(intid);
	if (ret < 0)
		return ret;
	irq->number = ret;

	irq->cpus = alloc_percpu(struct ffa_shim_irq_cpu);
	if (!irq->cpus) {
		ret = -ENOMEM;
		goto err_unmap;
	}
	for_each_possible_cpu(cpu) per_cpu_ptr(irq->cpus, cpu)->irq = irq;

	ret = request_percpu_irq(irq->number, handle, "ffa-shim", irq->cpus);
	if (ret)
		goto err_cpus;
	ret = cpuhp_state_add_instance(hotplug, &irq->node);
	if (ret)
		goto err_irq;
	return 0;

err_irq:
	free_percpu_irq(irq->number, irq->cpus);
err_cpus:
	free_percpu(irq->cpus);
err_unmap:
	unmap(irq->number);
	irq->number = 0;
	return ret;
}

void ffa_shim_irq_release(struct ffa_shim_irq *irq)
{
	if (!irq->number)
		return;
	cpuhp_state_remove_instance(hotplug, &irq->node);
	free_percpu_irq(irq->number, irq->cpus);
	free_percpu(irq->cpus);
	unmap(irq->number);
	irq->number = 0;
}
